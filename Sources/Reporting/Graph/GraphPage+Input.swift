extension GraphPage {
    /// Handles pointer, keyboard and buttons, and starts the page.
    static let inputScript = #"""
        function resizeAndDraw() { resize(); draw(); }

        function setLevel(name) {
          if (!data.levels[name]) return;
          level = name;
          open = new Set();
          selected = hovered = -1;
          for (const b of document.querySelectorAll("#levels button")) b.setAttribute("aria-pressed", b.dataset.level === name);
          layout();
          search.value = "";
          matches = null;
          showPanel();
          resize();
          fit();
          say();
          draw();
        }

        function say() {
          const hidden = links.length > EDGES_AT_ONCE && !showAll.checked;
          status.textContent = plural(items.length, "node") + ", " + plural(links.length, "edge")
            + (hidden ? ", drawn for the node that you point at" : "")
            + (level === "files" && items.length < data.lines.length
              ? "; " + plural(data.lines.length - items.length, "file") + " without edges only among the directories" : "");
        }

        function toggle(n) {
          if (!children[n].length) return;
          const before = items[itemOf[n]], x = sx(before.x), y = sy(before.y);
          if (open.has(n)) open.delete(n); else open.add(n);
          layout();
          selected = itemOf[n];
          hovered = -1;
          // The opened node keeps its place on the screen.
          view.x += x - sx(items[selected].x);
          view.y += y - sy(items[selected].y);
          showPanel();
          say();
          resizeAndDraw();
        }

        function select(i, center) {
          if (i >= 0 && chainFrom >= 0) {
            const from = chainFrom;
            selected = i;
            showChain(from, items[i].n);
            return later();
          }
          selected = i;
          showPanel();
          resize();
          if (i >= 0 && center) {
            const it = items[i];
            if (view.z < 0.6) view.z = 0.9;
            view.x = canvas.clientWidth / 2 - (it.x + it.w / 2) * view.z;
            view.y = canvas.clientHeight / 2 - (it.y + (it.kids ? HEAD : it.h) / 2) * view.z;
          }
          draw();
        }

        // Opens the parents of a node until it is shown.
        function reveal(n) {
          let top = n;
          const way = [];
          while (itemOf[top] < 0 && data.parent[top] >= 0) { top = data.parent[top]; way.push(top); }
          if (itemOf[top] < 0) {
            // The level of tasks has no files without a task, and the level of files has no directories.
            if (level !== "directories") { setLevel("directories"); return reveal(n); }
            return openUpTo(n);
          }
          if (way.length) {
            for (const w of way) open.add(w);
            layout();
            say();
          }
          select(itemOf[n], true);
        }

        // A directory above the shown ones has no item, so its first shown descendant is selected.
        function openUpTo(n) {
          const first = items.findIndex(it => { let up = it.n; while (up >= 0 && up !== n) up = data.parent[up]; return up === n; });
          if (first >= 0) select(first, true);
        }

        function at(event) {
          const r = canvas.getBoundingClientRect(), x = (event.clientX - r.left - view.x) / view.z,
            y = (event.clientY - r.top - view.y) / view.z;
          // Items come after the items that contain them.
          for (let i = items.length - 1; i >= 0; i--) {
            const it = items[i];
            if (x >= it.x && x <= it.x + it.w && y >= it.y && y <= it.y + it.h) return i;
          }
          return -1;
        }

        function zoom(factor, x, y) {
          const z = Math.max(0.005, Math.min(4, view.z * factor));
          view.x = x - (x - view.x) * z / view.z;
          view.y = y - (y - view.y) * z / view.z;
          view.z = z;
          later();
        }

        const zoomMiddle = factor => zoom(factor, canvas.clientWidth / 2, canvas.clientHeight / 2);
        const pointers = new Map();
        let moved = false;
        canvas.onpointerdown = e => {
          canvas.setPointerCapture(e.pointerId);
          pointers.set(e.pointerId, e);
          moved = false;
        };
        canvas.onpointermove = e => {
          const last = pointers.get(e.pointerId);
          if (!last) {
            const i = at(e), point = i >= 0 && items[i].kids ? -1 : i;
            canvas.style.cursor = i >= 0 ? "pointer" : "grab";
            canvas.title = i >= 0 ? nameOf(items[i].n) : "";
            if (point !== hovered) { hovered = point; later(); }
            return;
          }
          const dx = e.clientX - last.clientX, dy = e.clientY - last.clientY;
          if (Math.abs(dx) + Math.abs(dy) > 3) moved = true;
          if (!moved) return;
          if (pointers.size === 2) {
            const [other] = [...pointers].filter(p => p[0] !== e.pointerId).map(p => p[1]);
            const r = canvas.getBoundingClientRect();
            const d = p => Math.hypot(p.clientX - other.clientX, p.clientY - other.clientY);
            zoom(d(e) / Math.max(1, d(last)), other.clientX - r.left, other.clientY - r.top);
          } else { view.x += dx; view.y += dy; later(); }
          pointers.set(e.pointerId, e);
        };
        canvas.onpointerup = e => {
          pointers.delete(e.pointerId);
          if (!moved) { hovered = -1; select(at(e)); }
        };
        canvas.onpointercancel = e => pointers.delete(e.pointerId);
        canvas.onpointerleave = () => { if (hovered >= 0) { hovered = -1; later(); } };
        canvas.ondblclick = e => { const i = at(e); if (i >= 0) toggle(items[i].n); };
        canvas.onwheel = e => {
          e.preventDefault();
          const r = canvas.getBoundingClientRect();
          zoom(Math.exp(-e.deltaY * (e.deltaMode ? 0.03 : 0.0015)), e.clientX - r.left, e.clientY - r.top);
        };

        // The nearest item in a direction; sideways counts double, so that columns are kept.
        function step(dx, dy) {
          if (!items.length) return;
          if (selected < 0) return select(0, view.z < 0.5);
          const from = items[selected], fx = from.x + from.w / 2, fy = from.y + (from.kids ? 12 : from.h / 2);
          let best = -1, least = Infinity;
          items.forEach((it, i) => {
            const x = it.x + it.w / 2 - fx, y = it.y + (it.kids ? 12 : it.h / 2) - fy;
            const ahead = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
            if (i !== selected && ahead > 1 && ahead + 2 * aside < least) { least = ahead + 2 * aside; best = i; }
          });
          if (best >= 0) select(best, true);
        }

        const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
        const names = ["directories", "tasks", "files"];
        document.onkeydown = e => {
          if (e.ctrlKey || e.metaKey || e.altKey) return;
          if (e.key === "Escape") {
            chainFrom = -1;
            search.value = "";
            matches = null;
            canvas.focus();
            return select(-1);
          }
          if (e.target === search) {
            if (e.key === "Enter") { const first = panel.querySelector(".row"); if (first) { first.click(); canvas.focus(); } }
            return;
          }
          if (e.key === "/") { e.preventDefault(); return search.focus(); }
          if (e.key === "+" || e.key === "=") return zoomMiddle(1.3);
          if (e.key === "-") return zoomMiddle(1 / 1.3);
          if (e.key === "0") { fit(); return later(); }
          if ("123".includes(e.key)) return setLevel(names[e.key - 1]);
          if (e.target !== canvas) return;
          if (arrows[e.key]) { e.preventDefault(); step(...arrows[e.key]); }
          if ((e.key === "Enter" || e.key === " ") && selected >= 0) { e.preventDefault(); toggle(items[selected].n); }
        };

        search.oninput = find;
        showAll.onchange = () => { say(); later(); };
        document.getElementById("in").onclick = () => zoomMiddle(1.3);
        document.getElementById("out").onclick = () => zoomMiddle(1 / 1.3);
        document.getElementById("fit").onclick = () => { fit(); later(); };
        for (const b of document.querySelectorAll("#levels button")) {
          b.hidden = !data.levels[b.dataset.level];
          b.onclick = () => setLevel(b.dataset.level);
        }
        document.getElementById("theme").onclick = () => {
          const root = document.documentElement, isDark = getComputedStyle(root).colorScheme.trim() === "dark"
            || (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
          root.dataset.theme = isDark ? "light" : "dark";
          showTheme();
        };
        matchMedia("(prefers-color-scheme: dark)").onchange = showTheme;
        addEventListener("resize", () => {
          resize();
          // A view that was not moved keeps showing everything.
          if (view.x === fitted.x && view.y === fitted.y && view.z === fitted.z) fit();
          draw();
        });

        function showTheme() {
          readTheme();
          legend();
          draw();
        }

        function legend() {
          const place = document.getElementById("legend");
          place.replaceChildren();
          const texts = hasTasks ? ["waiting", "running or landing", "done", "failed or blocked", "no task"]
            : common.map(l => data.languages[l]).concat(common.length < data.languages.length ? ["others"] : []);
          texts.forEach((text, i) => {
            add(place, "span", undefined, "key").style.background = theme.state[!hasTasks && text === "others" ? LANGUAGES : i];
            add(place, "span", text);
          });
        }

        // #files, or #files&select=PATH, selects what is shown first.
        function start() {
          readTheme();
          legend();
          const title = document.getElementById("title");
          title.textContent = data.repository + " ";
          add(title, "small", data.commit.slice(0, 8) + (data.plan ? " · " + data.plan : "") + (data.note ? " · " + data.note : ""));
          document.title = data.repository + ": dependency graph";
          const [wanted, ...rest] = decodeURIComponent(location.hash.slice(1)).split("&select=");
          const few = name => data.levels[name] && data.levels[name].reduce((n, l) => n + l.nodes.length, 0) <= 150;
          setLevel(data.levels[wanted] ? wanted : few("tasks") ? "tasks" : few("files") && !data.tasks.length ? "files"
            : "directories");
          const path = rest.join("&select=");
          const found = path ? data.name.indexOf(path) : -1;
          if (found >= 0) reveal(found);
          canvas.focus({ focusVisible: false });
        }
        start();
        """#
}
