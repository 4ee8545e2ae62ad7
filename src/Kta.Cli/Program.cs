using Kta.Cli;

return await KtaCommand.InvokeAsync(args, Terminal.OfProcess());
