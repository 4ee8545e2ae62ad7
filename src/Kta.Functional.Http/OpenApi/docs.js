"use strict";
for (const trial of document.querySelectorAll(".trial")) {
  const body = trial.querySelector("textarea");
  const choice = trial.querySelector("select");
  const output = trial.querySelector("pre");
  const examples = trial.parentElement.querySelectorAll(".example");
  const fill = () => { if (choice && body) body.value = examples[choice.selectedIndex].textContent; };
  if (choice) choice.addEventListener("change", fill);
  fill();
  trial.querySelector("button").addEventListener("click", async () => {
    output.hidden = false;
    output.textContent = "…";
    try {
      const post = trial.dataset.method === "POST";
      const reply = await fetch(trial.dataset.path, post
        ? { method: "POST", headers: { "Content-Type": "application/json" }, body: body.value }
        : {});
      const text = await reply.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { }
      output.textContent = reply.status + " " + reply.statusText + "\n\n" + shown;
    } catch (error) {
      output.textContent = String(error);
    }
  });
  trial.hidden = false;
}
