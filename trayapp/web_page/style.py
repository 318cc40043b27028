"""Holds the page's style sheet, for light and dark, and its one small script."""

from __future__ import annotations

from trayapp.model import State
from trayapp.model.appearance import COLOURS, DARK, LIGHT, darken_for_white, format_hex


def _colour_variables(*, light: bool) -> str:
    """Writes the CSS variables of each state's colour and of the signs on it, for a light or a dark page."""
    shades = {state: darken_for_white(colour) if light else colour for state, colour in COLOURS.items()}
    marks = "".join(f"--{state}:{format_hex(shade)};" for state, shade in shades.items())
    return f"{marks}--sign:{format_hex(LIGHT if light else DARK)};"


_MARKS = "".join(f".s-{state}{{--mark:var(--{state})}}" for state in State)
STYLE = (
    f"""
:root{{{_colour_variables(light=True)}}}
@media (prefers-color-scheme:dark){{:root{{{_colour_variables(light=False)}}}}}
{_MARKS}"""
    """
:root{color-scheme:light dark;--bg:#f6f7f8;--card:#fff;--ink:#16191d;--soft:#525a64;--line:#d9dde2;--link:#0b57c9;
--code:#f0f2f4;--curve:#2f6fdb;--wash:#2f6fdb22}
@media (prefers-color-scheme:dark){:root{--bg:#121519;--card:#1b2026;--ink:#eceff2;--soft:#aab3bd;--line:#343b44;
--link:#8ab8ff;--code:#12161b;--curve:#7db0ff;--wash:#7db0ff26}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;
overflow-wrap:anywhere}
.wrap{max-width:54rem;margin:0 auto;padding:1.5rem 1rem 3rem}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:1}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
h1,h2,h3,h4{line-height:1.25;margin:0;text-wrap:balance}
h1{font-size:1.75rem;letter-spacing:-.01em}
h2{font-size:1.2rem;margin-bottom:.6rem}
h3{font-size:1rem}
h4{font-size:.9rem;font-weight:600}
p{margin:.5rem 0;max-width:44rem}
.top,section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.25rem 1.4rem;margin:0 0 1rem}
.top{border-top:6px solid var(--mark,var(--line));padding-top:1.2rem}
.answer{display:flex;gap:1rem;align-items:center}
.answer .big{flex:none;width:3.5rem;height:3.5rem}
.checked,.soft{color:var(--soft);font-size:.9rem;margin:.1rem 0 0}
ul{list-style:none;margin:.5rem 0 0;padding:0}
li{display:flex;gap:.6rem;align-items:baseline;padding:.2rem 0}
li .glyph{flex:none;width:1.05rem;height:1.05rem;align-self:flex-start;margin-top:.24rem}
li .dot{flex:none;width:.35rem;height:.35rem;border-radius:50%;background:var(--soft);align-self:flex-start;margin-top:.62rem}
.products{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:1rem}
.products li{border:1px solid var(--line);border-radius:99px;padding:.2rem .8rem .2rem .6rem;font-size:.95rem;gap:.45rem}
.shape{fill:var(--mark);stroke:var(--mark);stroke-width:2;stroke-linejoin:round}
.sign{fill:none;stroke:var(--sign);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.hollow .shape{fill:none;stroke-width:1.6}
.hollow .sign{stroke:var(--mark);stroke-width:1.5}
ol{list-style:none;margin:1rem 0 0;padding:0 0 0 1.1rem;border-left:2px solid var(--line)}
ol li{display:block;position:relative;padding:0 0 1rem}
ol li:last-child{padding-bottom:0}
ol li::before{content:"";position:absolute;left:-1.5rem;top:.45rem;width:.65rem;height:.65rem;border-radius:50%;
background:var(--card);border:2px solid var(--soft)}
ol li:first-child::before{background:var(--soft)}
ol .stage{font-weight:600}
ol time{color:var(--soft);font-size:.9rem}
blockquote{margin:.25rem 0 0;max-width:44rem}
figure{margin:1rem 0 0}
figure+figure{border-top:1px solid var(--line);padding-top:1rem}
.product{margin-top:.7rem}
.strip{display:grid;grid-template-columns:8.5rem 1fr;gap:.75rem;align-items:end;margin-top:.25rem}
.who{color:var(--soft);font-size:.85rem;line-height:1.2;overflow-wrap:normal}
.strip svg{width:100%;height:24px;display:block}
.strip path{fill:var(--mark);shape-rendering:crispEdges}
.strip .ground{fill:var(--line)}
.ticks{display:flex;justify-content:space-between;margin:.35rem 0 0 9.25rem;color:var(--soft);font-size:.8rem;
font-variant-numeric:tabular-nums}
.curve{display:grid;grid-template-columns:8.5rem 1fr;gap:.75rem;margin-top:.25rem}
.curve svg{width:100%;height:84px;display:block;border-bottom:1px solid var(--unknown)}
.scale{display:flex;flex-direction:column;justify-content:space-between;text-align:right;color:var(--soft);font-size:.8rem;
line-height:1;font-variant-numeric:tabular-nums}
.curve path{fill:none;vector-effect:non-scaling-stroke}
.curve .rule{stroke:var(--line)}
.curve .line{stroke:var(--curve);stroke-width:1.75}
.curve .area{fill:var(--wash)}
.curve .failed{fill:var(--major_outage);opacity:.55}
details{margin-top:.7rem}
summary{cursor:pointer;color:var(--link);font-size:.9rem;width:fit-content}
.scroll{overflow-x:auto;margin-top:.5rem}
table{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding-bottom:.3rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .9rem .35rem 0;border-top:1px solid var(--line);overflow-wrap:normal}
th:last-child,td:last-child{padding-right:0}
thead th{border-top:0;color:var(--soft);font-weight:600}
tbody th{font-weight:500;min-width:5rem}
pre{background:var(--code);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem;margin:.6rem 0;font:.85rem/1.5 ui-monospace,
"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap}
button{font:inherit;font-size:.9rem;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:8px;
padding:.35rem .9rem;cursor:pointer}
button:hover{border-color:var(--link);color:var(--link)}
.links{margin-top:.9rem;display:flex;flex-wrap:wrap;gap:.4rem 1.4rem}
.links li{padding:0}
.k-me>p{font-size:1.08rem;font-weight:600}
.k-past .scroll+p{margin-top:1.2rem}.k-past th:first-child{min-width:11rem}.k-past td{white-space:nowrap}
.legend ul{columns:2 14rem;margin-top:.3rem}
.legend li{break-inside:avoid}
footer{color:var(--soft);font-size:.88rem;padding:0 .4rem}
footer p{margin:.2rem 0}
@media (max-width:38rem){.wrap{padding:.75rem .6rem 2rem}.top,section{padding:1rem;border-radius:12px}h1{font-size:1.4rem}
.answer .big{width:2.6rem;height:2.6rem}.strip{grid-template-columns:1fr;gap:.15rem}.curve{grid-template-columns:3.6rem 1fr;gap:.4rem}.ticks{margin-left:0}.many span:nth-child(even){visibility:hidden}
.k-latency .ticks{margin-left:4rem}th,td{padding-right:.6rem}.k-past th:first-child{min-width:5rem}.k-past td{white-space:normal}}
@media (prefers-reduced-motion:no-preference){button{transition:color .15s,border-color .15s}}
@media (forced-colors:active){.shape,.sign,.strip path,.curve path{forced-color-adjust:none}}
@media print{body{background:#fff}section,.top{break-inside:avoid}button,.skip{display:none}}
"""
)

SCRIPT = """
(function(){
function ready(){
document.querySelectorAll('button[data-done]').forEach(function(button){
if(!navigator.clipboard)return;
button.hidden=false;
button.onclick=function(){
navigator.clipboard.writeText(button.parentNode.querySelector('pre').textContent).then(function(){
button.textContent=button.dataset.done;});};});}
ready();
var seconds=Number(document.body.dataset.reload);
if(!seconds||!location.protocol.startsWith('http'))return;
var timer=setInterval(function(){
if(document.visibilityState!=='visible'||String(getSelection()))return;
fetch(location.href).then(function(answer){return answer.ok?answer.text():Promise.reject();}).then(function(text){
var fresh=new DOMParser().parseFromString(text,'text/html'),main=document.querySelector('main');
if(fresh.body.dataset.server!==document.body.dataset.server)throw 0;
var open=[].map.call(main.querySelectorAll('details'),function(one){return one.open;});
if(main.contains(document.activeElement)&&document.activeElement!==document.body)return;
main.replaceWith(fresh.querySelector('main'));
document.title=fresh.title;
document.querySelectorAll('main details').forEach(function(one,i){one.open=!!open[i];});
ready();
}).catch(function(){clearInterval(timer);});},seconds*1000);
})();
"""
"""Copies the report, and during an incident loads newer pages without flicker; the page is complete without it.

After the program has ended, another program on this computer may answer at its port: an answer that is not from this
page's own server is not shown, and the script stops.
"""
