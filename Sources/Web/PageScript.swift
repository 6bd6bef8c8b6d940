/// The script of the page. All that others have written enters the document as text, never as markup.
enum PageScript {
    static let text = main + views + review + graph

    private static let main = #"""

        "use strict";
        const readOnly = document.body.dataset.readOnly === "true";
        const $ = id => document.getElementById(id);
        let run = null, task = null, filter = "", queue = null;
        const looks = { landed: "good", "already-done": "good", running: "busy", landing: "busy", verified: "wait",
          failed: "bad", blocked: "bad", skipped: "rest", ready: "rest", waiting: "rest" };
        const marks = { good: "✓", bad: "✗", busy: "▸", wait: "…", rest: "·" };
        function make(name, attributes, ...children) {
          const node = document.createElement(name);
          for (const [key, value] of Object.entries(attributes || {})) {
            if (key === "onclick") node.addEventListener("click", value);
            else if (key === "class") node.className = value;
            else node.setAttribute(key, value);
          }
          node.append(...children.filter(child => child !== null && child !== undefined));
          return node;
        }
        function span(seconds) {
          if (seconds < 60) return `${Math.round(seconds)} s`;
          if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
          return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
        }
        async function send(command) {
          try {
            const answer = await fetch("/api/command", { method: "POST", body: JSON.stringify(command),
              headers: { "Content-Type": "application/json" } });
            const text = await answer.text();
            if (!answer.ok) return tell(text, false);
            const told = JSON.parse(text);
            tell(told.text, told.isAccepted);
            if (command.review) { queue = null; draw(); }
          } catch (error) { tell(`orchestrate serve does not answer: ${error.message}`, false); }
        }
        function tell(text, isAccepted) {
          $("told").textContent = text;
          $("told").className = isAccepted ? "" : "refused";
          $("told").hidden = false;
        }
        function button(label, command, id) {
          if (readOnly) return null;
          return make("button", { onclick: () => send(typeof command === "function" ? command() : command),
            ...(id ? { id } : {}) }, label);
        }
        function stateWord(state) {
          const look = looks[state] || "rest";
          return make("span", { class: `state ${look}` }, `${marks[look]} ${state}`);
        }
        /* The rows of the document, with what only the page needs. */
        function take(document) {
          document.tasks = document.status.rows.map(row => ({ ...row, id: row.task, reason: row.action,
            attempts: row.attempt, awaits: row.need === "approval", landing: document.landing[row.task],
            dependencies: document.dependencies[row.task] || [] }));
          document.questions = document.status.questions;
          run = document;
          draw();
        }
        function link(id) { return make("a", { href: `#task/${encodeURIComponent(id)}` }, id); }
        function route() {
          const [view, ...rest] = location.hash.slice(1).split("/");
          return { view: view || "overview", name: decodeURIComponent(rest.join("/")) };
        }
        function head() {
          const status = run.status, counts = status.counts;
          const all = run.tasks.length, done = (counts.landed || 0) + (counts["already-done"] || 0);
          $("title").textContent = status.run;
          const words = [status.is_active ? (status.waits ? "paused" : "running") : status.state,
            `${done} of ${all} tasks done`, span(status.elapsed_seconds)];
          if (status.estimate_seconds) words.push(`about ${span(status.estimate_seconds)} left`);
          if (status.estimate_low_seconds) {
            words.push(`(${span(status.estimate_low_seconds)} to ${span(status.estimate_high_seconds)})`);
          }
          const limit = (status.budget || []).find(each => each.name === "usd");
          if (status.usage && status.usage.usd) {
            words.push(`${status.usage.usd.toFixed(2)}${limit ? ` of ${limit.limit.toFixed(2)}` : ""} USD`);
          }
          if (status.landed_per_hour) words.push(`${Math.round(status.landed_per_hour)} landed/h`);
          if (status.first_attempt_share !== undefined) {
            words.push(`${Math.round(status.first_attempt_share * 100)} % at the first attempt`);
          }
          $("state").textContent = words.join(" · ");
          const need = run.tasks.filter(each => each.awaits).length + run.questions.length + (status.waits ? 1 : 0);
          document.title = `${need ? `${need} need you · ` : ""}${done}/${all} ${status.run}`;
          $("actions").replaceChildren(...[status.is_active && !status.waits
            ? button("Pause", { verb: "pause" }, "pause") : null,
            status.waits ? button("Continue", { verb: "continue" }, "continue") : null].filter(Boolean));
          const order = ["landed", "already-done", "landing", "running", "verified", "failed", "blocked", "skipped", "ready",
            "waiting"];
          $("bar").replaceChildren(...order.filter(state => counts[state]).map(state => {
            const part = make("span", { class: `fill-${looks[state]}`, title: `${state}: ${counts[state]}` });
            part.style.flexGrow = counts[state];
            return part;
          }));
          $("bar").setAttribute("aria-label", order.filter(state => counts[state])
            .map(state => `${state} ${counts[state]}`).join(", "));
          const here = route().view;
          const reviews = run.tasks.filter(each => each.awaits).length + (queue ? queue.commits - queue.decided : 0);
          $("tabs").replaceChildren(...[["overview", "Overview"], ["tasks", `Tasks ${all}`],
            ["failures", `Failures ${run.failures.length}`], ["graph", "Graph"],
            ["review", `Review${reviews ? ` ${reviews}` : ""}`]].map(([view, label]) =>
              make("a", { href: `#${view}`, ...(here === view ? { "aria-current": "page" } : {}) }, label)));
        }
        /* While a button is held down it is not replaced: its click would be lost. */
        let held = false;
        addEventListener("pointerdown", () => { held = true; });
        for (const end of ["pointerup", "pointercancel"]) {
          addEventListener(end, () => { held = false; setTimeout(draw); });
        }
        async function draw() {
          if (!run || held) return;
          head();
          const { view, name } = route();
          const views = { overview, tasks, failures, graph, review };
          if (view === "task") return drawTask(name);
          if (view === "review") {
            await readQueue();
            if (held || route().view !== view) return;
          }
          const active = document.activeElement, kept = active && active.id, caret = active && active.selectionStart;
          $("main").replaceChildren(...(views[view] || overview)());
          delete $("main").dataset.stamp;
          if (!kept || !$(kept)) return;
          $(kept).focus();
          if ($(kept).setSelectionRange) $(kept).setSelectionRange(caret, caret);
        }
        function listen() {
          const events = new EventSource("/events");
          events.addEventListener("run", event => take(JSON.parse(event.data)));
          events.onerror = () => {
            if (events.readyState === EventSource.CLOSED) tell("The connection is lost. Reload the page.", false);
          };
        }
        addEventListener("hashchange", draw);
        fetch("/api/run").then(answer => answer.json()).then(found => { take(found); listen(); })
          .catch(error => tell(`The run cannot be read: ${error.message}`, false));

        """#

    private static let views = #"""

        const groups = ["needs-you", "failing", "working", "landing", "queued", "landed"];
        function age(since) { return span(Math.max(0, Date.now() / 1000 - since)); }
        function count(number) {
          return number < 1000 ? `${number}` : number < 1e6 ? `${Math.round(number / 1000)}k` : `${(number / 1e6).toFixed(1)}M`;
        }
        function actionsOf(each) {
          const id = each.id, cell = make("td", { class: "actions" });
          if (each.awaits) cell.append(...[button("Approve", { verb: "approve", task: id }, `approve-${id}`)].filter(Boolean));
          if (["failed", "skipped"].includes(each.state)) {
            cell.append(...[button("Retry", { verb: "retry", task: id }, `retry-${id}`)].filter(Boolean));
          }
          if (["ready", "waiting", "running", "verified", "blocked"].includes(each.state)) {
            cell.append(...[button("Skip", { verb: "skip", task: id }, `skip-${id}`)].filter(Boolean));
          }
          return cell;
        }
        function rows(list, limit) {
          const table = make("table", {}, ...list.slice(0, limit).map(each => make("tr", {},
            make("td", {}, each.part_of ? "└ " : "", link(each.id)), make("td", {}, stateWord(each.state), each.phase ? ` ${each.phase}` : ""),
            make("td", { class: "rest" }, each.worker ? `${each.worker}·${each.attempts}` : ""),
            make("td", { class: "why" }, each.reason), make("td", { class: "figure" }, age(each.since)),
            make("td", { class: "figure" }, each.tokens ? count(each.tokens) : ""),
            make("td", { class: "figure" }, each.usd ? each.usd.toFixed(2) : ""), actionsOf(each))));
          return list.length > limit ? [table, make("p", { class: "rest" }, `and ${list.length - limit} more`)] : [table];
        }
        function overview() {
          const status = run.status, parts = [];
          if (status.waits) parts.push(make("div", { class: "card" }, make("h3", { class: "wait" }, "The run waits for you"),
            make("p", {}, status.waits)));
          else if (status.reason) parts.push(make("div", { class: "card" }, make("p", {}, status.reason)));
          for (const question of run.questions) parts.push(make("div", { class: "card" },
            make("h3", { class: "wait" }, `Question ${question.id}`), make("p", {}, question.text),
            make("p", { class: "rest" }, `orchestrate answer ${question.id} TEXT`)));
          if (status.landing.length) parts.push(make("p", { class: "rest" }, "landing queue: " + status.landing.slice(0, 4)
            .map(each => `${each.candidate} ${each.tasks.slice(0, 2).join(" ")}${each.tasks.length > 2 ? " …" : ""}`)
            .join(" ← ")));
          if (status.pull_requests.length) parts.push(make("p", {}, "pull requests: ", ...status.pull_requests.flatMap(each =>
            [make("span", { class: each.failed_checks ? "bad" : each.state === "merged" ? "good" : "" },
              `#${each.number} ${each.name} ${each.state}${each.failed_checks ? `, ${each.failed_checks} red` : ""}`), " · "])
            .slice(0, -1)));
          for (const name of groups) {
            const list = run.tasks.filter(each => each.group === name);
            if (!list.length) continue;
            parts.push(make("h2", {}, `${name.replace("-", " ")} · ${list.length}`), ...rows(list, name === "landed" ? 5 : 12));
          }
          return parts;
        }
        function tasks() {
          const input = make("input", { id: "filter", placeholder: "Filter by name, file, state or reason",
            "aria-label": "Filter", size: "40" });
          input.value = filter;
          input.addEventListener("input", () => { filter = input.value; draw(); });
          const word = filter.toLowerCase();
          const list = run.tasks.filter(each => !word || [each.id, each.state, each.reason, ...each.files]
            .some(text => text.toLowerCase().includes(word)));
          return [make("p", {}, input, ` ${list.length} of ${run.tasks.length}`), ...rows(list, 500)];
        }
        function failures() {
          if (!run.failures.length) return [make("p", {}, "Nothing has failed.")];
          return run.failures.map(each => {
            const note = make("input", { placeholder: "Note for the prompt", "aria-label": "Note", size: "30",
              id: `note-${each.id}` });
            const old = $(`note-${each.id}`);
            if (old) note.value = old.value;
            const shown = [each.example.place, each.example.message].filter(Boolean).join(" ");
            const words = [`${each.failures} failures of ${each.tasks.length} tasks`, `${each.failed.length} given up`,
              `${Math.round(each.cost_share * 100)} % of the cost`];
            const retry = each.failed.length && !readOnly ? make("p", {}, note, " ",
              button("Retry class", () => ({ verb: "retry", failures: each.id, ...(note.value ? { note: note.value } : {}) }),
                `class-${each.id}`)) : null;
            return make("div", { class: "card" }, make("h3", {}, shown),
              make("p", { class: "rest" }, `${each.id} · ${each.source}${each.worker ? ` by ${each.worker}` : ""}`),
              make("p", {}, words.join(" · ")),
              make("p", {}, ...each.tasks.slice(0, 8).flatMap(id => [link(id), " "]),
                each.tasks.length > 8 ? `and ${each.tasks.length - 8} more` : null), retry);
          });
        }
        function diffOf(text, id) {
          return make("pre", id ? { id } : {}, ...text.split("\n").map(line => {
            const look = /^\+/.test(line) ? "add" : /^-/.test(line) ? "cut" : /^@@/.test(line) ? "at" : "";
            return make("span", { class: look }, `${line}\n`);
          }));
        }
        async function drawTask(name) {
          const each = run.tasks.find(task => task.id === name);
          if (!each) return $("main").replaceChildren(make("p", {}, `The run has no task ${name}.`));
          const stamp = `${name} ${each.state} ${each.since} ${each.attempts}`;
          if (!task || task.stamp !== stamp) {
            const answer = await fetch(`/api/task?name=${encodeURIComponent(name)}`);
            if (!answer.ok) return tell(await answer.text(), false);
            task = { stamp, ...await answer.json() };
            if (route().name !== name) return;
          }
          /* What is on the screen stays: a person may be scrolling in it. */
          if ($("main").dataset.stamp === stamp) return;
          $("main").dataset.stamp = stamp;
          const actions = make("p", {}, ...[...actionsOf(each).childNodes]);
          const parts = [make("h2", {}, `${each.id} `, stateWord(each.state)), make("p", { class: "rest" },
            each.files.join(", ")), actions, make("pre", { id: "explain" }, task.explain)];
          if (task.diff) parts.push(make("h2", {}, "diff"), diffOf(task.diff, "diff"));
          parts.push(make("h2", {}, "log"), make("pre", {}, task.log));
          if (task.prompt) parts.push(make("h2", {}, "prompt of the last attempt"), make("pre", {}, task.prompt));
          $("main").replaceChildren(...parts);
        }

        """#

    private static let review = #"""

        async function readQueue() {
          const stamp = `${run.decisions} ${run.status.tip}`;
          if (queue && queue.stamp === stamp) return;
          const answer = await fetch("/api/review");
          if (!answer.ok) return tell(await answer.text(), false);
          queue = { stamp, ...await answer.json() };
        }
        function decide(name, decision, text, id) {
          return button({ approve: "Approve", reject: "Reject", skip: "Skip", undo: "Undo" }[decision],
            () => ({ verb: "review", review: { name, decision, ...(text ? { text: text() } : {}) } }), id);
        }
        function review() {
          const waiting = run.tasks.filter(each => each.awaits), parts = [];
          if (waiting.length) parts.push(make("h2", {}, `waits for approval · ${waiting.length}`), ...rows(waiting, 200));
          if (!queue || !queue.commits) return [...parts, make("p", { class: "rest" }, "Nothing has landed yet.")];
          parts.push(make("p", {}, `${queue.decided} of ${queue.commits} commits decided · ${queue.lines_to_read} of ` +
            `${queue.lines} changed lines to read · groups of equal edits: ${queue.groups.length}`));
          return [...parts, ...queue.groups.map(groupCard)];
        }
        function groupCard(group) {
          const reason = make("input", { placeholder: "Reason, needed to reject", "aria-label": "Reason", size: "30",
            id: `reason-${group.id}` });
          const old = $(`reason-${group.id}`);
          if (old) reason.value = old.value;
          const undone = group.commits.some(each => each.decision !== "open");
          const buttons = readOnly ? null : make("p", {}, decide(group.id, "approve", null, `approve-${group.id}`), " ",
            decide(group.id, "skip", null, `skip-${group.id}`), " ",
            undone ? decide(group.id, "undo", null, `undo-${group.id}`) : null, " ", reason, " ",
            decide(group.id, "reject", () => reason.value, `reject-${group.id}`));
          const edits = group.edits.map(text => make("div", { class: "why" }, text));
          return make("div", { class: "card" },
            make("h3", { class: group.open ? "" : "good" }, `${group.open ? "" : "✓ "}${group.commits.length} ` +
              `${group.commits.length === 1 ? "commit" : "commits"} by ${group.worker} · ${group.open} open`),
            make("p", { class: group.is_odd ? "bad" : "rest" }, [`group ${group.id}`, group.language,
              ...group.reasons].filter(Boolean).join(" · ")), ...edits,
            ...group.split.map(text => make("p", { class: "rest" }, `split: ${text}`)),
            make("p", {}, ...group.commits.slice(0, 12).flatMap(each => [link(each.task),
              each.decision === "open" ? " " : ` (${each.decision}${each.text ? `: ${each.text}` : ""}) `]),
              group.commits.length > 12 ? `and ${group.commits.length - 12} more` : null),
            group.diff ? make("details", { id: `diff-${group.id}`, ...(group.open ? { open: "" } : {}) },
              make("summary", {}, "one of them"), diffOf(group.diff)) : null, buttons);
        }

        """#

    private static let graph = #"""

        const mostNodes = 600;
        function waves() {
          const depth = new Map(), byName = new Map(run.tasks.map(each => [each.id, each]));
          const visit = (each, above) => {
            if (depth.has(each.id)) return depth.get(each.id);
            if (above.has(each.id)) return 0;
            above.add(each.id);
            const below = each.dependencies.map(id => byName.get(id)).filter(Boolean).map(next => visit(next, above) + 1);
            above.delete(each.id);
            depth.set(each.id, Math.max(0, ...below));
            return depth.get(each.id);
          };
          run.tasks.forEach(each => visit(each, new Set()));
          const columns = [];
          for (const each of run.tasks) (columns[depth.get(each.id)] ||= []).push(each);
          return columns;
        }
        function shape(name, attributes, ...children) {
          const node = document.createElementNS("http://www.w3.org/2000/svg", name);
          for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
          node.append(...children);
          return node;
        }
        function graph() {
          const columns = waves();
          const note = make("p", { class: "rest" }, `${run.tasks.length} tasks in ${columns.length} ` +
            (columns.length === 1 ? "wave" : "waves") + "; each needs tasks to its left");
          if (run.tasks.length > mostNodes) {
            return [note, make("table", {}, ...columns.map((column, index) => make("tr", {},
              make("td", {}, `wave ${index + 1}`), make("td", {}, `${column.length} tasks`), make("td", { class: "why" },
                Object.entries(column.reduce((sum, each) => ({ ...sum, [each.state]: (sum[each.state] || 0) + 1 }), {}))
                  .map(([state, count]) => `${count} ${state}`).join(", ")))))];
          }
          const width = 190, height = 26, gapX = 70, gapY = 10, place = new Map();
          columns.forEach((column, x) => column.forEach((each, y) =>
            place.set(each.id, { x: 10 + x * (width + gapX), y: 10 + y * (height + gapY) })));
          const tall = 20 + Math.max(1, ...columns.map(column => column.length)) * (height + gapY);
          const svg = shape("svg", { width: 20 + columns.length * (width + gapX), height: tall, role: "img",
            "aria-label": "Tasks by wave" });
          for (const each of run.tasks) for (const id of each.dependencies) {
            const to = place.get(each.id), from = place.get(id);
            if (!from) continue;
            const [ax, ay, bx, by] = [from.x + width, from.y + height / 2, to.x, to.y + height / 2];
            svg.append(shape("path", { d: `M${ax} ${ay} C${ax + 35} ${ay} ${bx - 35} ${by} ${bx} ${by}` }));
          }
          for (const each of run.tasks) {
            const { x, y } = place.get(each.id), look = looks[each.state] || "rest";
            const label = each.id.length > 25 ? `…${each.id.slice(-24)}` : each.id;
            const text = shape("text", { x: x + 8, y: y + 17 });
            text.textContent = `${marks[look]} ${label}`;
            const title = shape("title", {});
            title.textContent = `${each.id}: ${each.state}`;
            svg.append(shape("a", { href: `#task/${encodeURIComponent(each.id)}` }, title,
              shape("rect", { x, y, width, height, rx: 5, class: look }), text));
          }
          return [note, make("div", { class: "graph" }, svg)];
        }

        """#
}
