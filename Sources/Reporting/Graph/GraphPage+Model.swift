extension GraphPage {
    /// The data, and values that are computed from it once.
    static let modelScript = #"""
        const data = JSON.parse(document.getElementById("graph").textContent);
        const DIRECTORY = 0, TASK = 1, FILE = 2, NONE = 4;
        const count = data.name.length;
        const firstFile = count - data.lines.length;
        const children = Array.from({ length: count }, () => []);
        for (let n = 0; n < count; n++) if (data.parent[n] >= 0) children[data.parent[n]].push(n);

        const taskNodes = [];
        const taskOf = new Int32Array(count).fill(-1);
        for (let n = 0; n < count; n++) {
          if (data.kind[n] === TASK) { taskOf[n] = taskNodes.length; taskNodes.push(n); }
          else if (data.parent[n] >= 0) taskOf[n] = taskOf[data.parent[n]];
        }

        // Colours show the state of a file's task; without tasks, the language, where only the most common ones differ.
        const hasTasks = data.tasks.length > 0, LANGUAGES = 8, colorCount = hasTasks ? 5 : LANGUAGES + 1;
        const languageFiles = data.languages.map(() => 0);
        for (const l of data.language) if (l >= 0) languageFiles[l]++;
        const common = data.languages.map((_, l) => l).sort((a, b) => languageFiles[b] - languageFiles[a]).slice(0, LANGUAGES);

        function colorOf(n) {
          if (hasTasks) return taskOf[n] < 0 ? NONE : data.tasks[taskOf[n]].color;
          const place = common.indexOf(data.language[n - firstFile]);
          return place < 0 ? LANGUAGES : place;
        }

        // Files and lines below each node, and its files by colour.
        const files = new Int32Array(count), lines = new Float64Array(count), colors = new Int32Array(count * colorCount);
        for (let n = count - 1; n >= 0; n--) {
          if (data.kind[n] === FILE) { files[n] = 1; lines[n] = data.lines[n - firstFile]; }
          if (data.kind[n] === FILE || (data.kind[n] === TASK && !children[n].length)) colors[n * colorCount + colorOf(n)] = 1;
          const up = data.parent[n];
          if (up < 0) continue;
          files[up] += files[n];
          lines[up] += lines[n];
          for (let c = 0; c < colorCount; c++) colors[up * colorCount + c] += colors[n * colorCount + c];
        }

        // Edge numbers by end; each edge is four numbers in data.edges.
        const out = index(0), into = index(1);
        function index(end) {
          const starts = new Int32Array(count + 1), total = data.edges.length / 4, packed = new Int32Array(total);
          for (let e = 0; e < total; e++) starts[data.edges[e * 4 + end] + 1]++;
          for (let n = 0; n < count; n++) starts[n + 1] += starts[n];
          const next = starts.slice();
          for (let e = 0; e < total; e++) packed[next[data.edges[e * 4 + end]]++] = e;
          return n => packed.subarray(starts[n], starts[n + 1]);
        }

        function chain(start, goal) {
          const before = new Int32Array(count).fill(-1), queue = [];
          const ends = new Set(filesBelow(goal));
          for (const n of filesBelow(start)) { before[n] = -2; queue.push(n); }
          for (let i = 0; i < queue.length; i++) {
            if (ends.has(queue[i])) {
              const edges = [];
              for (let n = queue[i]; before[n] !== -2; n = data.edges[before[n] * 4]) edges.unshift(before[n]);
              return edges;
            }
            for (const e of out(queue[i])) {
              const to = data.edges[e * 4 + 1];
              if (before[to] === -1) { before[to] = e; queue.push(to); }
            }
          }
          return null;
        }

        function filesBelow(n) {
          const found = [], open = [n];
          while (open.length) {
            const node = open.pop();
            if (data.kind[node] === FILE) found.push(node); else for (const c of children[node]) open.push(c);
          }
          return found;
        }

        const plural = (n, noun) => n.toLocaleString("en") + " " + noun + (n === 1 ? "" : "s");
        const nameOf = n => data.name[n] === "*" ? "(files at the top)" : data.name[n];
        """#
}
