// Makes the pictures of a page live when a person asks for it, and lets pictures follow a slider of time.
//
// Without this file everything works: pictures are drawn by the server, time is chosen in a form. The script that
// draws charts (a third of a megabyte) is loaded by the first press of a button, and draws the same specification.

const here = document.querySelector("script[data-charts]");
const words = here.dataset;
const dark = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 40rem)");

let loading;
let world; // the shapes of countries, once they came with a first map

function library() {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = words.charts;
    script.onload = done;
    script.onerror = () => { loading = undefined; failed(new Error("not loaded")); };
    document.head.append(script);
  });
  return loading;
}

async function specification(address) {
  const url = new URL(address, location.href);
  if (dark.matches) url.searchParams.set("theme", "dark");
  if (narrow.matches) url.searchParams.set("width", "narrow");
  if (world) url.searchParams.set("shapes", "no");
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(String(answer.status));
  const found = await answer.json();
  if (found.datasets.world) world = found.datasets.world;
  else if (world) found.datasets.world = world;
  return found;
}

function button(text, press, sign) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "tool";
  made.textContent = sign ?? text;
  if (sign) made.setAttribute("aria-label", text);
  made.addEventListener("click", press);
  return made;
}

// ---- a live chart ----

class Live {
  constructor(figure) {
    this.figure = figure;
    this.still = figure.querySelector(".still");
    this.opener = figure.querySelector(".explore");
    this.closed = this.opener.innerHTML;
    this.node = document.createElement("div");
    this.node.className = "live";
    this.node.dir = "ltr";
    this.node.tabIndex = 0;
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.node.addEventListener("blur", () => this.tell(undefined));
    this.node.addEventListener("pointerdown", (event) => this.drag(event));
    this.told = document.createElement("p");
    this.told.className = "told";
    this.told.setAttribute("role", "status");
    this.tools = document.createElement("div");
    this.tools.className = "tools";
    this.tools.append(
      button(words.closer, () => this.zoom(1.5), "+"),
      button(words.farther, () => this.zoom(1 / 1.5), "−"),
      button(words.whole, () => this.zoom(0)),
    );
    this.opener.hidden = false;
    this.opener.addEventListener("click", () => (this.node.isConnected ? this.close() : this.open()));
  }

  async open() {
    this.opener.setAttribute("aria-busy", "true");
    try {
      const [found] = await Promise.all([specification(this.figure.dataset.specification), library()]);
      this.still.after(this.node, this.tools, this.told);
      await this.draw(found);
      this.still.hidden = true;
      this.opener.textContent = words.back;
      // Who opened it is led into it: the button comes after it, and the next key would pass it by. It is in sight already.
      if (document.activeElement === this.opener) this.node.focus({ preventScroll: true });
    } catch {
      this.close();
      this.still.after(this.told);
      this.told.textContent = words.failed;
    }
    this.opener.removeAttribute("aria-busy");
  }

  async draw(found) {
    await window.sojournChart(this.node, found);
    this.svg = this.node.querySelector("svg");
    // One image with one text; what Vega writes on its groups is not allowed there.
    for (const part of this.svg.querySelectorAll("[role], [aria-label], [aria-roledescription], [aria-hidden]"))
      for (const name of part.getAttributeNames()) if (name === "role" || name.startsWith("aria-")) part.removeAttribute(name);
    this.svg.setAttribute("role", "img");
    // Vega gives its own role and an English name to what it draws into; these are the words of the page.
    for (const name of ["role", "aria-label", "aria-roledescription"]) this.node.removeAttribute(name);
    this.node.setAttribute("role", "group");
    this.node.setAttribute("aria-label", words.chart);
    this.describe(this.figure.querySelector("img").alt);
    const { width, height } = this.svg.viewBox.baseVal;
    this.all = [0, 0, width, height];
    this.at = -1;
    this.marks = [...this.svg.querySelectorAll("path, rect, line, text")].filter((one) => one.__data__?.tooltip);
    this.zoom(0);
  }

  // What the chart shows, in the words that its picture has.
  describe(told) {
    this.svg.setAttribute("aria-label", told);
  }

  // Draw again, of another time or in other colours; what was asked for before and comes after is not drawn.
  async again() {
    if (!this.node.isConnected) return;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      const found = await specification(this.figure.dataset.specification);
      if (turn === this.turn) await this.draw(found);
    } catch { if (turn === this.turn) this.close(); }
  }

  close() {
    this.still.hidden = false;
    for (const one of [this.tools, this.node, this.told]) one.remove();
    this.opener.innerHTML = this.closed;
  }

  zoom(factor, x = 0.5, y = 0.5) {
    const [left, top, width, height] = this.box ?? this.all;
    const scale = factor ? Math.min(12, Math.max(1, (this.all[2] / width) * factor)) : 1;
    const [wide, high] = [this.all[2] / scale, this.all[3] / scale];
    this.show(left + (width - wide) * x, top + (height - high) * y, wide, high);
  }

  show(left, top, wide, high) {
    left = Math.min(Math.max(0, left), this.all[2] - wide);
    top = Math.min(Math.max(0, top), this.all[3] - high);
    this.box = [left, top, wide, high];
    this.svg.setAttribute("viewBox", this.box.join(" "));
    this.node.classList.toggle("near", wide < this.all[2]);
  }

  drag(start) {
    if (!this.node.classList.contains("near") || start.button) return;
    const [left, top, wide, high] = this.box;
    const pixel = wide / this.svg.getBoundingClientRect().width;
    const move = (now) => this.show(left - (now.clientX - start.clientX) * pixel, top - (now.clientY - start.clientY) * pixel, wide, high);
    const end = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", end); };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
  }

  key(event) {
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (event.target !== this.node || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") this.zoom(1.5);
    else if (event.key === "-") this.zoom(1 / 1.5);
    else if (event.key === "0") { this.zoom(0); this.tell(undefined); }
    else if (event.key === "Escape") { this.zoom(0); this.opener.focus(); }
    else if (event.key in steps && this.marks.length) {
      this.at = (this.at + steps[event.key] + this.marks.length) % this.marks.length;
      this.tell(this.marks[this.at]);
    } else return;
    event.preventDefault();
  }

  // Say what a mark stands for, as its tooltip does for a pointer.
  tell(mark) {
    this.svg?.querySelector(".chosen")?.classList.remove("chosen");
    mark?.classList.add("chosen");
    const tip = mark?.__data__.tooltip ?? {};
    this.told.textContent = Object.entries(tip).filter(([, text]) => text).map(([name, text]) => `${name}: ${text}`).join(" · ");
  }
}

const charts = [...document.querySelectorAll("figure[data-specification]")].map((figure) => new Live(figure));
for (const query of [dark, narrow]) query.addEventListener("change", () => charts.forEach((one) => one.again()));
// Paper gets the picture that the server drew, on white: no other one would come in time, so a dark one is held and
// turned to light by the sheet of styles.
const held = new Map();

// A picture that nobody has scrolled to is not there yet, and would be blank on paper: who stays gets them all.
function all() {
  for (const image of document.querySelectorAll("img[loading=lazy]")) image.loading = "eager";
}
addEventListener("load", () => setTimeout(all, 1500));

addEventListener("beforeprint", () => {
  all();
  for (const one of charts) {
    if (one.node.isConnected) one.close();
    const image = one.figure.querySelector("img");
    if (!dark.matches || held.has(image)) continue;
    held.set(image, [image.src, [...image.parentNode.querySelectorAll("source")]]);
    const shown = image.currentSrc;
    for (const source of held.get(image)[1]) source.remove();
    image.src = shown;
    image.classList.add("turned");
  }
});
addEventListener("afterprint", () => {
  for (const [image, [address, sources]] of held) {
    image.before(...sources);
    image.src = address;
    image.classList.remove("turned");
  }
  held.clear();
});

// ---- time ----

function at(address, period) {
  const url = new URL(address, location.href);
  if (period) url.searchParams.set("period", period);
  else url.searchParams.delete("period");
  return url.pathname + url.search + url.hash;
}

class Time {
  constructor(form) {
    this.select = form.querySelector("select");
    this.periods = [...this.select.options].map((one) => one.value);
    this.names = [...this.select.options].map((one) => one.textContent);
    const label = document.createElement("label");
    label.append(`${words.period} `);
    this.range = document.createElement("input");
    Object.assign(this.range, { type: "range", min: 0, max: this.periods.length - 1, step: 1, value: this.select.selectedIndex });
    this.output = document.createElement("output");
    label.append(this.range, this.output);
    form.replaceChildren(label);
    form.addEventListener("submit", (event) => event.preventDefault());
    this.range.addEventListener("input", () => this.move());
    this.range.addEventListener("change", () => this.rest());
    this.say();
  }

  get period() { return this.periods[this.range.value]; }

  say() {
    this.output.textContent = this.names[this.range.value];
    this.range.setAttribute("aria-valuetext", this.output.textContent);
  }

  // While the slider moves, the pictures follow; each waits a moment, so that a quick hand asks for few of them.
  move() {
    this.say();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.follow(), 90);
  }

  follow() {
    for (const chart of charts) {
      const figure = chart.figure;
      if (!("timed" in figure.dataset)) continue;
      figure.dataset.specification = at(figure.dataset.specification, this.period);
      for (const one of figure.querySelectorAll("source")) one.srcset = at(one.srcset, this.period);
      for (const one of figure.querySelectorAll("img")) one.src = at(one.src, this.period);
      for (const one of figure.querySelectorAll("figcaption a")) one.href = at(one.href, this.period);
      chart.again();
    }
  }

  // When it rests, the address holds the period, so that back undoes it.
  rest() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      const address = at(location.href, this.period);
      if (new URL(address, location.href).href !== location.href) history.pushState(null, "", address);
      this.show();
    }, 250);
  }

  // Back and forth: the slider goes where the address is.
  back() {
    clearTimeout(this.waiting);
    const place = this.periods.indexOf(new URL(location.href).searchParams.get("period") ?? "");
    if (place < 0) return location.reload();
    if (place === Number(this.range.value)) return;
    this.range.value = place;
    this.say();
    this.show();
  }

  // Pictures, table, what the pictures say, and the links that carry the period along.
  async show() {
    this.follow();
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const answer = await fetch(location.href).catch(() => undefined);
    if (turn !== this.turn) return;
    if (!answer?.ok) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== this.turn) return;
    for (const part of ["#ranking", ".languages", ".chips", "main > .cards"]) {
      const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
      if (old && fresh) old.replaceChildren(...fresh.childNodes);
    }
    const chosen = document.querySelector("form.choose select[name='period']");
    if (chosen) chosen.value = this.period;
    for (const chart of charts) {
      const told = page.getElementById(chart.figure.id)?.querySelector("img")?.alt;
      if (told) { chart.figure.querySelector("img").alt = told; if (chart.svg) chart.describe(told); }
    }
  }
}

const times = [...document.querySelectorAll("form.time")].map((form) => new Time(form));
if (times.length) addEventListener("popstate", () => times.forEach((one) => one.back()));
