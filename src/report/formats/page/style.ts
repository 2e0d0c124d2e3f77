/** How a page looks: narrow and wide, light and dark, on paper. Colours are in pairs that meet 4.5 : 1. */

export const style = `
:root { color-scheme: light dark; --ink: #1c1e21; --paper: #fff; --quiet: #55595f; --line: #d9dce1; --band: #f3f5f8; --link: #0b5cad;
  --good: #14683a; --warn: #7a5200; --bad: #a8201a }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e6ea; --paper: #15171a; --quiet: #a6acb5; --line: #363b43; --band: #1f2329;
  --link: #7ab8ff; --good: #6fd39a; --warn: #e8b657; --bad: #ff8f87 } }
* { box-sizing: border-box }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 80rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; overflow-wrap: anywhere } h2 { font-size: 1.2rem; margin: 2.5rem 0 .4rem; overflow-wrap: anywhere }
h3 { font-size: 1rem; margin: 1rem 0 .3rem } a { color: var(--link) } p, li, dd, summary { overflow-wrap: anywhere }
header dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: 0 0 1rem; font-size: .9rem }
dt { color: var(--quiet) } dd { margin: 0 }
.conclusion { border-left: .3rem solid var(--link); background: var(--band); padding: .6rem 1rem; margin: 1rem 0 }
.conclusion h2 { margin: 0 0 .3rem } .conclusion p { margin: .2rem 0 }
nav ul { columns: 18rem; padding-left: 1.2rem; font-size: .9rem; margin: .4rem 0 } nav summary { cursor: pointer; padding: .3rem 0 }
.about { color: var(--quiet); margin: .1rem 0; font-size: .88rem } .notes { font-size: .88rem; color: var(--quiet) }
.tools { display: flex; flex-wrap: wrap; gap: .6rem; align-items: baseline; margin-top: .6rem; font-size: .85rem; color: var(--quiet) }
input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: .3rem; padding: .25rem .5rem;
  width: 14rem; max-width: 100% }
.wide { overflow: auto; max-height: 85vh; margin-top: .5rem; border: 1px solid var(--line) }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px }
table { border-collapse: separate; border-spacing: 0; font-size: .85rem; font-variant-numeric: tabular-nums; min-width: 100% }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; white-space: nowrap;
  background: var(--paper); font-weight: normal; max-width: 34rem }
td.long { white-space: normal; overflow-wrap: anywhere; min-width: 16rem }
thead th { position: sticky; top: 0; z-index: 2; background: var(--band); font-weight: 600; border-bottom: 1px solid var(--quiet); white-space: normal }
thead th.right { min-width: 6rem }
tr > :first-child { position: sticky; left: 0; z-index: 1; border-right: 1px solid var(--line); white-space: normal; overflow-wrap: break-word;
  min-width: 9rem; max-width: 22rem }
thead tr > :first-child { z-index: 3 } tbody tr:hover > * { background: var(--band) } .right { text-align: right }
thead button { font: inherit; color: inherit; background: none; border: 0; padding: 0; text-align: inherit; cursor: pointer }
thead button::after { content: ' \\2195'; color: var(--quiet); font-weight: normal }
[aria-sort=ascending] button::after { content: ' \\2191'; color: inherit } [aria-sort=descending] button::after { content: ' \\2193'; color: inherit }
.good { color: var(--good) } .warn { color: var(--warn) } .bad { color: var(--bad) }
figure { margin: 1.5rem 0 } figure .wide { background: #fff; max-height: none } figure svg { display: block; margin: auto; max-width: 100%; height: auto; min-width: 38rem }
details.cells { border-bottom: 1px solid var(--line); padding: .2rem 0; font-size: .9rem } details.cells > summary { cursor: pointer }
details.cells > div { padding: .2rem 0 .8rem 1rem } details.cells .wide { width: fit-content; max-width: 100% } code, pre { font: .85rem/1.5 ui-monospace, monospace }
pre { background: var(--band); padding: .5rem .7rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0 }
.keys { font-size: .8rem; color: var(--quiet) } .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
@media (prefers-color-scheme: dark) { figure .wide { background: #1a1a1a } figure svg { filter: invert(.9) hue-rotate(180deg) } }
@media (max-width: 40rem) { body { padding: .7rem } th, td { padding: .25rem .45rem } tr > :first-child { min-width: 6.5rem; max-width: 42vw }
  figure svg { min-width: 52rem }
  header dl { grid-template-columns: 1fr } dt { margin-top: .3rem } td.long { min-width: 12rem } }
@media print { .wide { overflow: visible; max-height: none } .tools, nav { display: none } thead th, tr > :first-child { position: static } }
`
