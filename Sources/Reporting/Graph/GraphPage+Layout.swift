extension GraphPage {
    /// Computes rectangles from the layers of a level and the open nodes, in time linear in the shown nodes.
    static let layoutScript = #"""
        const CARD = { w: 232, h: 42 }, ROW = { w: 232, h: 20 }, PAD = 8, HEAD = 24, GAP = 8, TITLE = 30;
        let level = "", open = new Set(), items = [], links = [], groups = [], bounds = { w: 1, h: 1 };
        // With many nodes, tasks are single lines, like files.
        let isDense = false;
        const itemOf = new Int32Array(count), shownAs = new Int32Array(count);

        // In columns of similar height, which together have the shape of a screen.
        function pack(list, gapX, gapY, height) {
          let x = 0, y = 0, width = 0, tallest = 0;
          for (const it of list) {
            if (y > 0 && y + it.h > height) { x += width + gapX; y = 0; width = 0; }
            it.x = x; it.y = y;
            y += it.h + gapY;
            width = Math.max(width, it.w);
            tallest = Math.max(tallest, y - gapY);
          }
          return { w: x + width, h: tallest };
        }

        function idealHeight(list, gapX, gapY, shape, more = 0) {
          let area = more, most = 0;
          for (const it of list) { area += (it.w + gapX) * (it.h + gapY); most = Math.max(most, it.h); }
          return Math.max(most, Math.sqrt(area / shape));
        }

        function measure(n) {
          const isFile = data.kind[n] === FILE;
          if (isFile || !open.has(n)) return { n, ...(isFile || (isDense && data.kind[n] === TASK) ? ROW : CARD), kids: null };
          const kids = children[n].map(measure);
          const size = pack(kids, GAP, 4, Math.max(12 * ROW.h, idealHeight(kids, GAP, 4, 1)));
          return { n, w: Math.max(CARD.w, size.w + 2 * PAD), h: size.h + HEAD + PAD, kids };
        }

        function place(it, x, y, depth) {
          it.x += x; it.y += y; it.depth = depth;
          itemOf[it.n] = items.length;
          items.push(it);
          for (const kid of it.kids || []) place(kid, it.x + PAD, it.y + HEAD, depth + 1);
        }

        function layout() {
          items = []; groups = [];
          itemOf.fill(-1);
          isDense = data.levels[level].reduce((sum, l) => sum + l.nodes.length, 0) > 150;
          const layers = data.levels[level].map(l => ({ title: l.title, list: l.nodes.map(measure) })).filter(l => l.list.length);
          const all = layers.flatMap(l => l.list);
          const gapY = level === "files" || isDense ? 4 : 14;
          bounds = isDense ? stack(layers, all, gapY) : flow(layers, all, gapY);
          join();
          regions();
        }

        function put(layer, size, x, y) {
          for (const it of layer.list) place(it, x, y + TITLE, 0);
          groups.push({ title: layer.title, x, y, w: size.w, count: layer.list.length });
        }

        // Layers from left to right with space for edges, in the number of bands that makes them largest on a screen.
        function flow(layers, all, gapY) {
          const gapX = 110, ideal = Math.max(idealHeight(all, gapX, gapY, 1.7), 10 * (ROW.h + gapY));
          const bands = (height, parts) => {
            const sizes = layers.map(l => pack(l.list, GAP, gapY, height));
            const total = sizes.reduce((sum, s) => sum + s.w + gapX, 0);
            let x = 0, list = [{ w: 0, h: 0, members: [] }];
            sizes.forEach((s, i) => {
              if (x > 0 && x + s.w > Math.max(total / parts, s.w)) { x = 0; list.push({ w: 0, h: 0, members: [] }); }
              const band = list[list.length - 1];
              band.members.push({ i, x });
              x += s.w + gapX;
              band.w = x - gapX;
              band.h = Math.max(band.h, s.h + TITLE);
            });
            return { height, list, w: Math.max(1, ...list.map(b => b.w)), h: list.reduce((sum, b) => sum + b.h + 50, -50) };
          };
          const scale = b => Math.min(1.7 / b.w, 1 / Math.max(1, b.h));
          // Fewer bands are easier to follow, so more bands need a clear gain.
          const best = [1, 2, 3, 4, 5].flatMap(parts => [1, 1.4, 2].map(factor => bands(ideal * factor, parts)))
            .reduce((a, b) => scale(b) > scale(a) * (b.list.length > a.list.length ? 1.15 : 1) ? b : a);
          const sizes = layers.map(l => pack(l.list, GAP, gapY, best.height));
          let y = 0;
          for (const band of best.list) {
            for (const m of band.members) put(layers[m.i], sizes[m.i], m.x, y + (band.h - TITLE - sizes[m.i].h) / 2);
            y += band.h + 50;
          }
          return { w: best.w, h: Math.max(1, best.h) };
        }

        // With too many edges to follow from layer to layer, small layers are stacked.
        function stack(layers, all, gapY) {
          const gapX = 40, titles = layers.length * (TITLE + 20) * (ROW.w + GAP);
          const height = idealHeight(all, GAP, gapY, 1.7, titles), sizes = layers.map(l => pack(l.list, GAP, gapY, height));
          const tallest = Math.max(...sizes.map(s => s.h), 0);
          let x = 0, y = 0, width = 0, bottom = 1;
          layers.forEach((l, i) => {
            if (y > 0 && y + sizes[i].h > tallest) { x += width + gapX; y = 0; width = 0; }
            put(l, sizes[i], x, y);
            y += TITLE + sizes[i].h + 20;
            width = Math.max(width, sizes[i].w);
            bottom = Math.max(bottom, y - 20);
          });
          return { w: Math.max(1, x + width), h: bottom };
        }

        // Maps each node to its item, then adds edges between items.
        function join() {
          shownAs.fill(-1);
          for (let i = 0; i < items.length; i++) {
            shownAs[items[i].n] = i;
            if (items[i].kids) continue;
            const below = [items[i].n];
            while (below.length) for (const c of children[below.pop()]) { shownAs[c] = i; below.push(c); }
          }
          const sums = new Map();
          const add = (a, b) => {
            if (a < 0 || b < 0 || a === b) return;
            const key = a * items.length + b;
            sums.set(key, (sums.get(key) || 0) + 1);
          };
          for (let e = 0; e < data.edges.length; e += 4) add(shownAs[data.edges[e]], shownAs[data.edges[e + 1]]);
          for (let e = 0; e < data.order.length; e += 2) {
            const a = shownAs[data.order[e]], b = shownAs[data.order[e + 1]];
            if (a >= 0 && b >= 0 && !items[a].kids && !items[b].kids) add(a, b);
          }
          links = [];
          for (const it of items) { it.out = []; it.into = []; }
          for (const [key, edges] of sums) {
            const a = Math.floor(key / items.length), b = key % items.length;
            items[a].out.push(links.length);
            items[b].into.push(links.length);
            links.push({ a, b, edges });
          }
        }

        // Runs of files below one directory of the coarsest level, and within them the runs of one folder. Their names are
        // shown where the files are too small for names.
        let areas = [];
        function regions() {
          areas = [];
          if (items.length < 100) return;
          const home = new Int32Array(count).fill(-1);
          for (const l of data.levels.directories) for (const n of l.nodes) home[n] = n;
          for (let n = 0; n < count; n++) if (home[n] < 0 && data.parent[n] >= 0) home[n] = home[data.parent[n]];
          let last = null, part = null;
          const extend = (area, it, n) => area && area.n === n && area.x === it.x && it.y >= area.y
            ? (area.h = it.y + it.h - area.y, area) : { n, x: it.x, y: it.y, w: it.w, h: it.h, parts: [] };
          for (const it of items) {
            if (it.depth) continue;
            let folder = data.parent[it.n];
            if (folder >= 0 && data.kind[folder] === TASK) folder = data.parent[folder];
            const area = extend(last, it, home[it.n]);
            if (area !== last) { last = area; part = null; if (area.n >= 0) areas.push(area); }
            const inner = extend(part, it, folder);
            if (inner !== part) { part = inner; if (folder >= 0) last.parts.push(inner); }
          }
        }
        """#
}
