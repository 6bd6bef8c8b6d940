extension GraphPage {
    static let body = #"""
        <body>
        <header>
        <h1 id="title"></h1>
        <div role="group" aria-label="Level of detail" id="levels">
        <button data-level="directories" title="Directories (1)">Directories</button>
        <button data-level="tasks" title="Tasks (2)">Tasks</button>
        <button data-level="files" title="Files (3)">Files</button>
        </div>
        <input id="search" type="search" placeholder="Search  /" aria-label="Search files, tasks and directories"
        autocomplete="off" spellcheck="false">
        <span class="room"></span>
        <label><input type="checkbox" id="all"> all edges</label>
        <button id="out" aria-label="Zoom out" title="Zoom out (-)">−</button>
        <button id="in" aria-label="Zoom in" title="Zoom in (+)">+</button>
        <button id="fit" title="Show everything (0)">Fit</button>
        <button id="theme" title="Dark or light">◐</button>
        </header>
        <main>
        <canvas id="canvas" tabindex="0" role="application" aria-describedby="keys"
        aria-label="Dependency graph; arrow keys go from node to node, Enter opens one"></canvas>
        <aside id="panel" aria-live="polite"></aside>
        </main>
        <footer><span id="legend"></span><span id="status" role="status"></span>
        <span id="keys">arrows: go · Enter: open or close · Esc: let go · / search · + − 0 zoom · 1 2 3 level</span></footer>
        <noscript>This page draws the graph with a script of its own; it loads nothing.</noscript>
        """#

    static let style = #"""
        :root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --ink: #1b1f26; --soft: #5d6673; --line: #c9ced6;
          --accent: #0b62d6; --to: #0b62d6; --from: #b4570a; --waiting: #a9b0bb; --running: #2f86e0; --green: #2a9d4a;
          --stuck: #d53a3a; --none: #e3e6eb; --box: #eceff3; }
        @media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { --back: #14171c; --card: #21262e; --ink: #e8eaee;
          --soft: #9aa4b2; --line: #3a424e; --accent: #6cb0ff; --to: #6cb0ff; --from: #f0a35a; --waiting: #6f7885;
          --running: #3d93ea; --green: #3fb760; --stuck: #e86060; --none: #39414c; --box: #1a1e24; } }
        :root[data-theme=dark] { color-scheme: dark; --back: #14171c; --card: #21262e; --ink: #e8eaee;
          --soft: #9aa4b2; --line: #3a424e; --accent: #6cb0ff; --to: #6cb0ff; --from: #f0a35a; --waiting: #6f7885;
          --running: #3d93ea; --green: #3fb760; --stuck: #e86060; --none: #39414c; --box: #1a1e24; }
        :root[data-theme=light] { color-scheme: light; }
        * { box-sizing: border-box; }
        html, body { height: 100%; margin: 0; }
        body { display: flex; flex-direction: column; background: var(--back); color: var(--ink);
          font: 14px/1.4 system-ui, sans-serif; }
        header, footer { display: flex; gap: 10px; align-items: center; padding: 6px 12px; flex-wrap: wrap; }
        header { border-bottom: 1px solid var(--line); }
        footer { border-top: 1px solid var(--line); color: var(--soft); font-size: 12px; }
        #keys { margin-left: auto; }
        h1 { font-size: 15px; margin: 0 6px 0 0; }
        h1 small { font-weight: normal; color: var(--soft); }
        .room { flex: 1; }
        button, input[type=search] { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
          border-radius: 6px; padding: 3px 10px; }
        button { cursor: pointer; }
        button[aria-pressed=true] { background: var(--accent); border-color: var(--accent); color: var(--back); }
        button:focus-visible, input:focus-visible, canvas:focus-visible { outline: 2px solid var(--accent); outline-offset: -1px; }
        #levels { display: flex; }
        #levels button { border-radius: 0; margin-left: -1px; }
        #search { width: 240px; }
        main { flex: 1; display: flex; min-height: 0; }
        canvas { flex: 1; min-width: 0; width: 100%; height: 100%; touch-action: none; cursor: grab; }
        aside { width: 360px; overflow: auto; padding: 10px 14px; border-left: 1px solid var(--line); background: var(--card); }
        aside[hidden] { display: none; }
        aside h2 { font-size: 14px; margin: 0 0 4px; overflow-wrap: anywhere; }
        aside h3 { font-size: 12px; margin: 14px 0 4px; color: var(--soft); }
        aside p { margin: 2px 0; overflow-wrap: anywhere; }
        aside .row { display: flex; width: 100%; gap: 8px; border: 0; background: none; padding: 2px 4px; text-align: left; }
        aside .row:hover { background: var(--box); }
        aside .row span:first-child { flex: 1; overflow-wrap: anywhere; }
        aside .row span:last-child { color: var(--soft); white-space: nowrap; }
        .key { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin: 0 4px 0 10px; vertical-align: -1px; }
        """#
}
