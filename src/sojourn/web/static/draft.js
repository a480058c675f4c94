// Saves a draft by itself some seconds after the last change, and says when it did.
//
// Without this file everything works: a press of "Save" sends the same form to the same address. Where somebody else
// saved in between, nothing is sent any more until the person presses Save, which shows both texts side by side.

const form = document.querySelector("form[data-draft]");
const here = document.querySelector("script[data-saved]");
const told = document.getElementById("saved");
const WAIT = 4000;

let timer;
let busy = false;
let stopped = false;
let kept = written();

function written() {
  const data = new FormData(form);
  for (const name of ["token", "edit", "csrfmiddlewaretoken"]) data.delete(name);
  return new URLSearchParams([...data].filter(([, value]) => typeof value === "string")).toString();
}

function say(text) {
  told.textContent = text;
}

function hidden(name, value) {
  let field = form.querySelector(`input[type="hidden"][name="${name}"]`);
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name });
    form.prepend(field);
  }
  field.value = value;
}

function now() {
  return new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

async function save() {
  const text = written();
  if (busy || stopped || text === kept) return;
  busy = true;
  say(here.dataset.saving);
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
      redirect: "error",
    });
    const found = await answer.json();
    if (answer.ok) {
      kept = text;
      hidden("token", found.token);
      hidden("edit", found.edit);
      if (!form.action.endsWith(found.address)) {
        form.action = found.address;
        history.replaceState(null, "", found.address);
      }
      say(here.dataset.saved.replace("{time}", now()));
    } else if (answer.status === 409 || answer.status === 401) {
      stopped = true;
      say(found.conflict);
    } else {
      kept = text; // it is tried again once something else is written
      say(found.problems ?? here.dataset.unsaved);
    }
  } catch {
    say(here.dataset.unsaved);
  } finally {
    busy = false;
    if (written() !== kept && !stopped) later();
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(save, WAIT);
}

form.addEventListener("input", later);
form.addEventListener("change", later);
// A press saves once: no save by itself may use the form's token up while it is on its way.
form.addEventListener("submit", () => { stopped = true; clearTimeout(timer); });

document.getElementById("faults")?.focus();
