namespace Kta.Functional.Reports

type internal RunReport = class end
