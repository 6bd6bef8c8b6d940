extension GraphPage {
    /// The panel beside the drawing: the selection, search, and chains. Text is set as text, never as HTML.
    static let panelScript = #"""
        const panel = document.getElementById("panel"), search = document.getElementById("search");
        const status = document.getElementById("status");
        const LISTED = 200;
        let chainFrom = -1;

        function add(parent, tag, text, className) {
          const element = document.createElement(tag);
          if (text !== undefined) element.textContent = text;
          if (className) element.className = className;
          return parent.appendChild(element);
        }

        function rows(title, list) {
          if (!list.length) return;
          add(panel, "h3", title + " (" + list.length.toLocaleString("en") + ")");
          for (const row of list.slice(0, LISTED)) {
            const button = add(panel, "button", undefined, "row");
            add(button, "span", nameOf(row.n));
            add(button, "span", row.note || "");
            button.onclick = () => reveal(row.n);
          }
          if (list.length > LISTED) add(panel, "p", "and " + (list.length - LISTED).toLocaleString("en") + " more");
        }

        const kindAndLine = e => {
          const line = data.edges[e * 4 + 3];
          return data.kinds[data.edges[e * 4 + 2]] + (line > 0 ? " · line " + line : " · from the plan");
        };

        function showPanel() {
          panel.replaceChildren();
          panel.hidden = selected < 0;
          if (selected < 0) return;
          const n = items[selected].n, kind = data.kind[n];
          add(panel, "h2", nameOf(n));
          if (kind === FILE) aboutFile(n); else aboutGroup(n);
          const why = add(panel, "button", chainFrom < 0 ? "Why does it need …" : "Pick the other node, or press Esc");
          why.onclick = () => { chainFrom = chainFrom < 0 ? n : -1; showPanel(); };
          if (kind === FILE) {
            const byName = (a, b) => data.name[a.n] < data.name[b.n] ? -1 : 1;
            rows("depends on", [...out(n)].map(e => ({ n: data.edges[e * 4 + 1], note: kindAndLine(e) })).sort(byName));
            rows("is needed by", [...into(n)].map(e => ({ n: data.edges[e * 4], note: kindAndLine(e) })).sort(byName));
          } else {
            const heavy = (a, b) => b.edges - a.edges;
            const group = (list, end) => list.map(l => links[l]).sort(heavy)
              .map(l => ({ n: items[l[end]].n, note: plural(l.edges, "edge") }));
            rows("depends on", group(items[selected].out, "b"));
            rows("is needed by", group(items[selected].into, "a"));
            rows("holds", children[n].map(c => ({ n: c, note: data.kind[c] === FILE ? "" : plural(files[c], "file") })));
          }
        }

        function aboutTask(t) {
          add(panel, "p", "state: " + data.tasks[t].state);
          if (data.tasks[t].reason) add(panel, "p", "why: " + data.tasks[t].reason);
          if (data.tasks[t].part) add(panel, "p", "part of " + data.tasks[t].part);
          if (data.tasks[t].title) add(panel, "p", data.tasks[t].title);
        }

        function aboutFile(n) {
          const f = n - firstFile, flags = ["test", "generated", "vendored", "binary"].filter((_, b) => data.traits[f] >> b & 1);
          const language = data.language[f] < 0 ? "not scanned" : data.languages[data.language[f]];
          add(panel, "p", [language, plural(data.lines[f], "line"), "wave " + data.wave[f], ...flags].join(" · "));
          if (data.cycle[f]) add(panel, "p", "in a cycle of " + data.cycle[f] + " files");
          if (taskOf[n] >= 0) {
            aboutTask(taskOf[n]);
            rows("task", [{ n: taskNodes[taskOf[n]] }]);
          }
        }

        function aboutGroup(n) {
          add(panel, "p", plural(files[n], "file") + " · " + plural(lines[n], "line"));
          if (data.kind[n] === TASK) aboutTask(taskOf[n]);
          if (children[n].length) {
            const button = add(panel, "button", open.has(n) ? "Close" : "Open");
            button.onclick = () => toggle(n);
            button.style.marginRight = "8px";
          }
        }

        function showChain(from, to) {
          chainFrom = -1;
          const edges = chain(from, to);
          panel.replaceChildren();
          panel.hidden = false;
          add(panel, "h2", "Why " + nameOf(from) + " needs " + nameOf(to));
          if (!edges) { add(panel, "p", "It does not: there is no chain of edges."); return; }
          if (!edges.length) { add(panel, "p", "They have files in common."); return; }
          rows("the shortest chain", [{ n: data.edges[edges[0] * 4], note: "" }]
            .concat(edges.map(e => ({ n: data.edges[e * 4 + 1], note: kindAndLine(e) }))));
        }

        function find() {
          const word = search.value.trim().toLowerCase();
          matches = null;
          if (!word) { showPanel(); resizeAndDraw(); return; }
          const found = [];
          for (let n = 0; n < count; n++) if (data.name[n].toLowerCase().includes(word)) found.push(n);
          // A short name is the more likely match.
          found.sort((a, b) => data.name[a].length - data.name[b].length || a - b);
          matches = new Set(found.map(n => shownAs[n]).filter(i => i >= 0));
          panel.replaceChildren();
          panel.hidden = false;
          add(panel, "h2", found.length ? "Search" : "Nothing has this in its name");
          rows("found", found.map(n => ({ n, note: ["directory", "task", ""][data.kind[n]] })));
          resizeAndDraw();
        }
        """#
}
