extension GraphPage {
    /// Draws the canvas. Text that is too small to read is left out or grouped.
    static let drawingScript = #"""
        const canvas = document.getElementById("canvas"), ctx = canvas.getContext("2d");
        const showAll = document.getElementById("all");
        const EDGES_AT_ONCE = 500, SMALLEST = 6.5;
        let view = { x: 0, y: 0, z: 1 }, fitted = null, selected = -1, hovered = -1, matches = null, theme = {}, frame = 0;
        const marks = hasTasks ? ["", "▶ ", "✓ ", "✕ ", ""] : [];

        function readTheme() {
          const css = getComputedStyle(document.documentElement);
          for (const name of ["back", "card", "ink", "soft", "line", "accent", "to", "from", "waiting", "running", "green",
            "stuck", "none", "box"]) theme[name] = css.getPropertyValue("--" + name).trim();
          theme.state = hasTasks ? [theme.waiting, theme.running, theme.green, theme.stuck, theme.none]
            : [210, 30, 150, 280, 350, 185, 60, 320].map(hue => "hsl(" + hue + " 50% 55%)").concat(theme.none);
        }

        function resize() {
          const ratio = devicePixelRatio || 1;
          canvas.width = Math.max(1, canvas.clientWidth * ratio);
          canvas.height = Math.max(1, canvas.clientHeight * ratio);
          ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
        }

        function fit() {
          const w = canvas.clientWidth, h = canvas.clientHeight;
          view.z = Math.max(0.005, Math.min(1.25, (w - 40) / bounds.w, (h - 30) / bounds.h));
          view.x = (w - bounds.w * view.z) / 2;
          view.y = (h - bounds.h * view.z) / 2;
          fitted = { ...view };
        }

        const later = () => { if (!frame) frame = requestAnimationFrame(() => { frame = 0; draw(); }); };
        const sx = x => x * view.z + view.x, sy = y => y * view.z + view.y;

        // The end of a path, or the beginning of any other text, that fits.
        function shorten(text, width, size, keepEnd) {
          const room = Math.floor(width / (size * 0.62));
          if (text.length <= room) return text;
          if (room < 2) return "";
          if (!keepEnd) return text.slice(0, room - 1) + "…";
          const end = text.slice(1 - room), slash = end.indexOf("/");
          return "…" + (slash >= 0 && slash < end.length - 1 ? end.slice(slash) : end);
        }

        const font = (size, weight) => { ctx.font = (weight || "") + " " + size + "px ui-monospace, Menlo, Consolas, monospace"; };

        function curve(link) {
          const a = items[link.a], b = items[link.b];
          const ay = sy(a.y + (a.kids ? HEAD / 2 : a.h / 2)), by = sy(b.y + (b.kids ? HEAD / 2 : b.h / 2));
          ctx.beginPath();
          if (b.x + b.w <= a.x) {
            const x1 = sx(a.x), x2 = sx(b.x + b.w), bend = Math.max(18 * view.z, (x1 - x2) * 0.45);
            ctx.moveTo(x1, ay); ctx.bezierCurveTo(x1 - bend, ay, x2 + bend, by, x2, by);
          } else if (b.x >= a.x + a.w) {
            const x1 = sx(a.x + a.w), x2 = sx(b.x), bend = Math.max(18 * view.z, (x2 - x1) * 0.45);
            ctx.moveTo(x1, ay); ctx.bezierCurveTo(x1 + bend, ay, x2 - bend, by, x2, by);
          } else {
            const x1 = sx(a.x + a.w), x2 = sx(b.x + b.w), bend = 40 * view.z;
            ctx.moveTo(x1, ay); ctx.bezierCurveTo(x1 + bend, ay, x2 + bend, by, x2, by);
          }
          ctx.stroke();
        }

        function edgesFor(i, alpha) {
          ctx.globalAlpha = alpha;
          ctx.lineWidth = 1.6;
          ctx.strokeStyle = theme.to;
          for (const l of items[i].out) curve(links[l]);
          ctx.strokeStyle = theme.from;
          for (const l of items[i].into) curve(links[l]);
          ctx.globalAlpha = 1;
        }

        // The selection and its neighbours; null without a selection.
        function near(i) {
          if (i < 0) return null;
          const set = new Set([i]);
          for (const l of items[i].out) set.add(links[l].b);
          for (const l of items[i].into) set.add(links[l].a);
          return set;
        }

        function box(it, i, lit) {
          const x = sx(it.x), y = sy(it.y), w = it.w * view.z, h = it.h * view.z, n = it.n;
          const dim = (lit && !lit.has(i)) || (matches && !it.kids && !matches.has(i));
          ctx.globalAlpha = dim && !it.kids ? 0.25 : 1;
          ctx.fillStyle = it.kids ? theme.box : theme.card;
          const blank = 12 * view.z < SMALLEST;
          if (blank && !it.kids) {
            // Too small for text: only the colour is shown.
            ctx.globalAlpha *= 0.8;
            ctx.fillStyle = data.kind[n] === DIRECTORY ? theme.line : theme.state[colorOf(n)];
            ctx.fillRect(x, y, Math.max(1, w), Math.max(1, h));
          } else if (isRow(it)) {
            ctx.fillRect(x, y, w, h);
            ctx.fillStyle = theme.state[colorOf(n)];
            ctx.fillRect(x, y, Math.max(2, 5 * view.z), h);
          } else {
            ctx.fillRect(x, y, w, h);
            if (!it.kids) bar(n, x, y, w, h);
          }
          if (!blank || it.kids || i === selected || (matches && matches.has(i))) {
            ctx.strokeStyle = i === selected ? theme.accent : matches && matches.has(i) ? theme.from : theme.line;
            ctx.lineWidth = i === selected ? 2.5 : matches && matches.has(i) ? 2 : 1;
            ctx.strokeRect(x, y, w, h);
          }
          words(it, x, y, w, h);
          ctx.globalAlpha = 1;
        }

        const isRow = it => !it.kids && it.h === ROW.h;

        // The states of a node's children, side by side.
        function bar(n, x, y, w, h) {
          const high = Math.max(2, 5 * view.z), base = n * colorCount;
          let total = 0, at = x;
          for (let c = 0; c < colorCount; c++) total += colors[base + c];
          for (let c = 0; c < colorCount && total; c++) {
            const part = w * colors[base + c] / total;
            ctx.fillStyle = theme.state[c];
            ctx.fillRect(at, y + h - high, part, high);
            at += part;
          }
        }

        function words(it, x, y, w, h) {
          const n = it.n, isLine = isRow(it), size = Math.min(15, 12 * view.z);
          if (size < SMALLEST) return;
          const mark = data.kind[n] === DIRECTORY ? (it.kids ? "▾ " : "▸ ")
            : marks[colorOf(n)] || "";
          ctx.fillStyle = theme.ink;
          ctx.textBaseline = "middle";
          font(size, isLine ? "" : "600");
          const left = x + (isLine ? 10 : 8) * view.z, middle = isLine ? y + h / 2 : y + (it.kids ? HEAD / 2 : 13) * view.z;
          const room = w - 16 * view.z - mark.length * size * 0.62;
          ctx.fillText(mark + shorten(nameOf(n), room, size, true), left, middle);
          if (isLine || it.kids) return;
          const small = size * 0.86;
          ctx.fillStyle = theme.soft;
          font(small);
          const state = data.kind[n] === TASK ? data.tasks[taskOf[n]].state + " · " : "";
          const text = state + plural(files[n], "file") + " · " + plural(lines[n], "line");
          ctx.fillText(shorten(text, w - 16 * view.z, small), left, y + 28 * view.z);
        }

        // Names of directories above runs of their files, while the names of the files are too small to read.
        function overview() {
          if (12 * view.z >= SMALLEST) return;
          ctx.textBaseline = "middle";
          for (const area of areas) {
            let named = false;
            for (const part of area.parts) named = caption(part) || named;
            if (!named) caption(area);
          }
        }

        function caption(area) {
          const w = area.w * view.z, h = area.h * view.z;
          if (h < 13 || sx(area.x) > canvas.clientWidth || sx(area.x) + w < 0) return false;
          const size = Math.max(9, Math.min(12, w / 9)), room = Math.floor((w - 6) / (size * 0.62)), name = nameOf(area.n);
          const last = name.split("/").filter(part => part && part !== "*").pop() || name;
          const text = name.length <= room ? name : last.length <= room ? last : "";
          if (!text) return false;
          font(size, "600");
          ctx.globalAlpha = 0.85;
          ctx.fillStyle = theme.card;
          ctx.fillRect(sx(area.x) + 1, sy(area.y) + h / 2 - size * 0.65, Math.min(w - 2, text.length * size * 0.62 + 6), size * 1.3);
          ctx.globalAlpha = 1;
          ctx.fillStyle = theme.ink;
          ctx.fillText(text, sx(area.x) + 4, sy(area.y) + h / 2);
          return true;
        }

        // The part of a layer's title that fits.
        function heading(g) {
          const size = Math.max(10, Math.min(15, 13 * view.z)), room = g.w * view.z / (size * 0.62);
          if (!g.title || (g.y > 0 && (TITLE + 16) * view.z < size)) return;
          const text = [g.title + (g.count > 1 ? " · " + g.count : ""), g.title, g.title.split(" ").pop()].find(t => t.length <= room);
          if (!text) return;
          font(size, "600");
          ctx.fillStyle = theme.soft;
          ctx.textBaseline = "bottom";
          ctx.fillText(text, sx(g.x), sy(g.y + TITLE) - 3);
        }

        function draw() {
          const w = canvas.clientWidth, h = canvas.clientHeight;
          ctx.fillStyle = theme.back;
          ctx.fillRect(0, 0, w, h);
          for (const g of groups) heading(g);
          const focus = hovered >= 0 ? hovered : selected, lit = near(focus);
          if (showAll.checked || links.length <= EDGES_AT_ONCE) {
            ctx.strokeStyle = theme.soft;
            ctx.lineWidth = 1;
            ctx.globalAlpha = lit ? 0.08 : Math.max(0.04, Math.min(0.5, 120 / (links.length + 1)));
            for (const l of links) curve(l);
            ctx.globalAlpha = 1;
          }
          let drawn = 0;
          items.forEach((it, i) => {
            if (sx(it.x + it.w) < 0 || sy(it.y + it.h) < 0 || sx(it.x) > w || sy(it.y) > h) return;
            box(it, i, lit);
            drawn++;
          });
          if (focus < 0 && !matches) overview();
          if (focus >= 0) edgesFor(focus, 0.9);
          // For programs that read the page, such as tests.
          Object.assign(document.body.dataset, { files: data.lines.length, level, items: items.length, drawn,
            links: links.length, edges: data.edges.length / 4 });
        }
        """#
}
