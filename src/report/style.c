/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The style sheet: calm on a screen, one column on a phone, black on white in print. Every pair of
 * text and ground has a contrast of at least 4.5 to 1 in both colour schemes (WCAG 2.2, 1.4.3);
 * what a colour says, a word and a sign say too (1.4.1). */
#include "html.h"

/* In pieces because a string over 4095 characters is not portable C (C17 5.2.4.1). */
static const char *const SHEET[] = {
    /* colours */
    ":root{--ground:#f3f5f7;--paper:#fff;--ink:#1c2733;--soft:#51606f;--line:#d5dce3;--link:#"
    "0b5394;"
    "--yes:#17643a;--yes-ground:#e4f2e9;--look:#774600;--look-ground:#fdf0d8;--no:#9b1c1c;"
    "--no-ground:#fbe7e6}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--ground:#14191f;--paper:#1d242c;"
    "--ink:#e6ebf0;--soft:#a9b5c1;--line:#36414d;--link:#8cc4ff;--yes:#8fd6ab;--yes-ground:#1c3527;"
    "--look:#f0c374;--look-ground:#3a2d14;--no:#f5a5a0;--no-ground:#402022}}\n"
    ".approved{--tone:var(--yes);--tint:var(--yes-ground)}.held{--tone:var(--look);"
    "--tint:var(--look-ground)}.rejected{--tone:var(--no);--tint:var(--no-ground)}\n",
    /* the page */
    "*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}\n"
    "body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 "
    "system-ui,-apple-system,"
    "\"Segoe UI\",Roboto,\"Noto Sans\",\"Liberation "
    "Sans\",Arial,sans-serif;overflow-wrap:anywhere}\n"
    "header,main,footer{max-width:58rem;margin:0 auto;padding:0 1rem}\n"
    "header{padding-top:2.25rem}footer{padding-top:1.5rem;padding-bottom:3rem;color:var(--soft);"
    "font-size:.875rem}footer p{margin:.15rem 0}\n"
    ".skip{position:absolute;left:-100rem}.skip:focus{left:1rem;top:.5rem;padding:.5rem .75rem;"
    "background:var(--paper);color:var(--link)}\n"
    "a{color:var(--link)}h1,h2,h3,h4,p,ul,dl{margin:0}\n"
    ".school{color:var(--soft);font-size:.9375rem}\n"
    "h1{font-size:1.75rem;line-height:1.25;font-weight:650;letter-spacing:-.01em}"
    ".batch{font-weight:400}\n"
    ".lead{margin-top:.75rem;font-size:1.125rem}\n"
    "h2{margin:2.75rem 0 .5rem;font-size:1.25rem;line-height:1.3}\n"
    ".intro{color:var(--soft);max-width:44rem}main>section>p+p{margin-top:.6rem}\n"
    "code{font-family:ui-monospace,\"DejaVu Sans Mono\",Consolas,monospace;font-size:.9em}\n"
    ".digest{word-break:break-all}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8125rem;margin:.75rem 0 0}\n",
    /* counts and facts */
    ".tally{list-style:none;padding:0;margin-top:1.25rem;display:grid;grid-template-columns:"
    "repeat(3,1fr);gap:.75rem}\n"
    ".tally li{background:var(--tint);color:var(--tone);border-radius:.6rem;padding:.75rem 1rem;"
    "line-height:1.3}.tally b{display:block;font-size:2.125rem;line-height:1.15;font-weight:650}\n"
    ".tally svg{margin-right:.35rem}\n"
    "svg{width:1.05em;height:1.05em;vertical-align:-.16em;fill:none;stroke:currentColor;"
    "stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round;flex:none}\n"
    ".glance{margin-top:.75rem;background:var(--paper);border:1px solid var(--line);"
    "border-radius:.6rem;padding:.35rem 1rem}\n"
    ".glance>div{display:grid;grid-template-columns:12rem 1fr;gap:0 1rem;padding:.5rem 0}"
    ".glance>div+div{border-top:1px solid var(--line)}\n"
    "dt{color:var(--soft)}dd{margin:0}\n"
    ".notice{margin-top:.75rem;background:var(--look-ground);color:var(--look);border-radius:.6rem;"
    "padding:.75rem 1rem}\n"
    ".secret{margin-top:1rem;border:2px solid var(--no);color:var(--no);border-radius:.6rem;"
    "padding:.6rem 1rem;font-weight:600}\n",
    /* a photo */
    ".card{display:grid;grid-template-columns:13rem minmax(0,1fr);gap:1.25rem;margin-top:1rem;"
    "background:var(--paper);border:1px solid var(--line);border-left:.3rem solid var(--tone);"
    "border-radius:.6rem;padding:1rem;align-items:start}\n"
    ".shot{background:var(--ground);border-radius:.35rem;overflow:hidden;line-height:0;"
    "text-align:center}.shot img{max-width:100%;max-height:13rem;width:auto;height:auto}\n"
    ".none{display:grid;place-items:center;min-height:6.5rem;line-height:1.4;color:var(--soft);"
    "border:1px dashed var(--line);font-size:.875rem}\n"
    "h3{font-size:1.0625rem;line-height:1.35}\n"
    ".which{margin-top:.35rem;display:flex;flex-wrap:wrap;gap:.25rem .65rem;align-items:center}\n"
    ".verdict{display:inline-flex;align-items:center;gap:.35rem;background:var(--tint);"
    "color:var(--tone);border-radius:1rem;padding:.05rem .65rem .05rem .5rem;font-size:.875rem;"
    "font-weight:600;white-space:nowrap}\n"
    ".case,.code{color:var(--soft);font-size:.875rem}.code{white-space:nowrap}\n"
    "h4{margin-top:.8rem;font-size:.875rem;color:var(--soft);font-weight:600}\n"
    ".told ul,.notes{padding-left:1.15rem}.told li+li,.notes li+li{margin-top:.25rem}\n",
    /* tables */
    "table{width:100%;margin-top:1rem;border-collapse:separate;border-spacing:0;"
    "background:var(--paper);border:1px solid var(--line);border-radius:.6rem;font-size:.9375rem}\n"
    "caption{text-align:left;color:var(--soft);padding-bottom:.4rem;font-size:.9375rem}\n"
    "th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;font-weight:400}\n"
    "tbody th,tbody td{min-width:8.5rem}tbody th{min-width:10rem}thead "
    "th{color:var(--soft);font-size:.875rem}tbody "
    "th{font-weight:600}\n"
    "tbody th,tbody td{border-top:1px solid var(--line)}\n",
    /* the DPO's page */
    ".file{margin-top:1rem;background:var(--paper);border:1px solid var(--line);"
    "border-left:.3rem solid var(--tone);border-radius:.6rem;padding:1rem}\n"
    ".top{display:grid;grid-template-columns:9rem minmax(0,1fr);gap:1.25rem;align-items:start}\n"
    ".file .glance,.file table{border-radius:.35rem;margin-top:.6rem;font-size:.875rem}"
    ".file .glance{padding:.1rem .75rem}.file .glance>div{padding:.35rem 0}"
    ".file th,.file td{padding:.4rem .6rem}\n"
    ".file .digest{font-size:.78rem}.file "
    "h4{font-size:.9375rem;color:var(--ink);margin-top:1.1rem}\n"
    ".file>p{margin-top:.6rem}.person{margin-top:.6rem}.person "
    "ul{padding-left:1.15rem;font-size:.9375rem}\n"
    ".hit{margin-top:.6rem;padding:.6rem .75rem;background:var(--tint);border-radius:.35rem}"
    ".hit p+p{margin-top:.25rem}.hit .code{color:var(--tone);white-space:normal}"
    ".hit dl{font-size:.875rem;margin-top:.35rem}.hit dl div{display:grid;"
    "grid-template-columns:8.5rem minmax(0,1fr);gap:0 .75rem}.hit dt{color:var(--tone)}\n",
    /* a phone: 320 px and no scrolling sideways (WCAG 2.2, 1.4.10) */
    "@media screen and (max-width:40rem){header{padding-top:1.25rem}h1{font-size:1.4375rem}"
    ".lead{font-size:1.0625rem}.tally{gap:.5rem}.tally li{padding:.5rem .6rem;font-size:.8125rem}"
    ".tally b{font-size:1.6rem}.tally svg{display:none}\n"
    ".card,.top,.glance>div,.hit dl div{grid-template-columns:minmax(0,1fr)}"
    ".card{gap:.85rem;padding:.85rem}.file{padding:.85rem}.top{gap:.85rem}"
    ".shot:not(.none){justify-self:start}.none{min-height:3.5rem}\n"
    "thead{position:absolute;left:-100rem}table,tbody,tr,tbody th,tbody td,caption{display:block}"
    "table{border:0;background:none}tr{background:var(--paper);border:1px solid var(--line);"
    "border-radius:.6rem;padding:.6rem .85rem;margin-top:.6rem}.file tr{border-radius:.35rem}"
    ".file table tr{padding:.4rem .6rem}"
    "tbody th,tbody td,.file tbody th,.file tbody td{border:0;padding:.1rem 0}"
    "tbody th,tbody td{min-width:0}td::before{content:attr(data-label) \": "
    "\";color:var(--soft)}}\n",
    /* paper */
    "@page{margin:16mm 15mm}\n"
    "@media print{:root{--ground:#fff;--paper:#fff;--ink:#000;--soft:#000;--line:#888;--link:#000;"
    "--yes:#000;--yes-ground:#fff;--look:#000;--look-ground:#fff;--no:#000;--no-ground:#fff}\n"
    "body{font-size:10.5pt;line-height:1.4}header,main,footer{max-width:none;padding:0}"
    "header{padding:0}.skip{display:none}footer{padding-top:1rem}\n"
    ".tally li,.verdict,.notice,.hit{border:1px solid #000}.tally li{padding:.35rem .6rem}"
    ".tally b{font-size:1.5rem}.card{grid-template-columns:9.5rem minmax(0,1fr);"
    "border-left-width:1px}.file{border-left-width:1px}.shot{background:none}\n"
    ".card,.tally,.glance,.hit,.person,.notice,tr,.top{break-inside:avoid}"
    "h2,h3,h4,.intro,caption,thead{break-after:avoid}h2{margin-top:1.5rem}"
    "p,li{orphans:3;widows:3}table{border-radius:0;border-collapse:collapse}"
    "th,td{padding:.25rem .5rem}}\n",
};

void html_style(struct buffer *b)
{
    buffer_add_cstr(b, "<style>\n");
    for (size_t i = 0; i < sizeof SHEET / sizeof SHEET[0]; i++) {
        buffer_add_cstr(b, SHEET[i]);
    }
    buffer_add_cstr(b, "</style>\n");
}
