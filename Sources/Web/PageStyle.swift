/// The look of the page, light and dark.
enum PageStyle {
    static let text = """

        :root { --ground: #fff; --panel: #f5f6f8; --line: #d9dce1; --text: #1b1f24; --faint: #5c6570; --link: #0b57d0;
          --good: #1a7f37; --bad: #c5221f; --busy: #0b57d0; --wait: #8a5a00; --rest: #9aa3ad; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14171b; --panel: #1d2126; --line: #353b43; --text: #e5e8ec;
          --faint: #9aa4af; --link: #8ab4f8; --good: #57ab5a; --bad: #f28b82; --busy: #8ab4f8; --wait: #e0b050;
          --rest: #5a636d; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
        header { display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: baseline; padding: .8rem 1rem .4rem; }
        h1 { font-size: 1.15rem; margin: 0; }
        h2 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
        #state { margin: 0; color: var(--faint); flex: 1 1 18rem; }
        #bar { display: flex; height: .5rem; margin: 0 1rem; border-radius: .25rem; overflow: hidden; background: var(--line); }
        #bar span { height: 100%; }
        nav { display: flex; gap: .25rem; padding: .6rem 1rem 0; border-bottom: 1px solid var(--line); flex-wrap: wrap; }
        nav a { padding: .35rem .7rem; color: var(--faint); text-decoration: none; border-bottom: 2px solid transparent; }
        nav a[aria-current] { color: var(--text); border-color: var(--link); }
        main { padding: .6rem 1rem 3rem; }
        #told { margin: .6rem 1rem 0; padding: .5rem .7rem; background: var(--panel); border-left: 3px solid var(--link); }
        #told.refused { border-color: var(--bad); }
        a { color: var(--link); }
        a:focus-visible, button:focus-visible, input:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
        button { font: inherit; padding: .2rem .6rem; color: var(--text); background: var(--panel);
          border: 1px solid var(--line); border-radius: .3rem; cursor: pointer; }
        button:hover { border-color: var(--link); }
        button[disabled] { color: var(--faint); cursor: default; }
        input { font: inherit; padding: .2rem .5rem; color: var(--text); background: var(--ground);
          border: 1px solid var(--line); border-radius: .3rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .25rem .6rem .25rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
        th { color: var(--faint); font-weight: 500; }
        td:first-child { min-width: 9rem; overflow-wrap: anywhere; }
        td.figure { text-align: right; color: var(--faint); white-space: nowrap; font-variant-numeric: tabular-nums; }
        td.why, div.why { color: var(--faint); overflow-wrap: anywhere; }
        td.actions { white-space: nowrap; text-align: right; }
        button + button { margin-left: .3rem; }
        .state { white-space: nowrap; }
        .good { color: var(--good); } .bad { color: var(--bad); } .busy { color: var(--busy); }
        .wait { color: var(--wait); } .rest { color: var(--faint); }
        .fill-good { background: var(--good); } .fill-bad { background: var(--bad); } .fill-busy { background: var(--busy); }
        .fill-wait { background: var(--wait); } .fill-rest { background: var(--line); }
        .figures { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; margin: .4rem 0; padding: 0; list-style: none; }
        .figures b { font-variant-numeric: tabular-nums; }
        .card { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem;
          margin: .6rem 0; }
        .card h3 { font-size: .95rem; margin: 0 0 .2rem; }
        .card p { margin: .2rem 0; overflow-wrap: anywhere; }
        pre { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem; overflow: auto;
          max-height: 32rem; font: 13px/1.4 ui-monospace, monospace; margin: .3rem 0; white-space: pre-wrap;
          overflow-wrap: anywhere; }
        pre .add { color: var(--good); } pre .cut { color: var(--bad); } pre .at { color: var(--busy); }
        @media (max-width: 45rem) { td.figure { display: none; } td:first-child { min-width: 0; }
          tr { display: flex; flex-wrap: wrap; column-gap: .6rem; border-bottom: 1px solid var(--line); padding: .3rem 0; }
          td { border: 0; } td.why { flex: 1 0 100%; order: 1; } td.actions { margin-left: auto; } }
        svg { display: block; max-width: none; }
        .graph { overflow: auto; border: 1px solid var(--line); border-radius: .4rem; }
        svg text { font: 12px system-ui, sans-serif; fill: var(--text); }
        svg rect { fill: var(--panel); stroke: var(--line); }
        svg rect.good { stroke: var(--good); } svg rect.bad { stroke: var(--bad); stroke-width: 2; }
        svg rect.busy { stroke: var(--busy); stroke-width: 2; } svg rect.wait { stroke: var(--wait); stroke-width: 2; }
        svg path { stroke: var(--rest); fill: none; }
        svg a:focus-visible rect { stroke: var(--link); stroke-width: 3; }

        """
}
