/* common/index_page.c - the page for GET /: one string, nothing loaded from elsewhere. */
#include "http.h"

static const char page[] =
	"<!doctype html><html lang=en><meta charset=utf-8><title>Interleave</title>\n"
	"<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;"
	"padding:0 1rem;color:#222;background:#fff}canvas{width:100%;height:12rem}"
	"dl{display:grid;grid-template-columns:auto 1fr;gap:0 1rem}dd{margin:0;"
	"font-family:ui-monospace,monospace}@media(prefers-color-scheme:dark)"
	"{body{color:#ddd;background:#181818}}</style>\n"
	"<h1>Interleave</h1><p>Your server answered this page. Every half second it is asked for "
	"<a href=/stat>/stat</a>; the bars show how long each answer took.</p>\n"
	"<canvas id=c width=880 height=240></canvas><p id=t>&nbsp;</p><dl id=s></dl>\n"
	"<script>\n"
	"const g=c.getContext('2d'),ms=[];\n"
	"function draw(){const "
	"top=Math.max(2,...ms);g.clearRect(0,0,880,240);g.fillStyle='#3b82c4';\n"
	" ms.forEach((v,i)=>{const h=220*v/top;g.fillRect(8*i,240-h,6,h)});\n"
	" t.textContent='last '+ms.at(-1).toFixed(1)+' ms, highest '+top.toFixed(1)+' ms'}\n"
	"async function ask(){const t0=performance.now();\n"
	" try{const j=await(await fetch('/stat')).json();ms.push(performance.now()-t0);\n"
	"  if(ms.length>110)ms.shift();s.innerHTML='';draw();\n"
	"  for(const k in j){const a=document.createElement('dt'),b=document.createElement('dd');\n"
	"   a.textContent=k;b.textContent=j[k];s.append(a,b)}}\n"
	" catch(e){t.textContent='no answer: '+e.message}\n"
	" setTimeout(ask,500)}\n"
	"ask();\n"
	"</script></html>\n";

const char *cl_index_page(size_t *len)
{
	*len = sizeof(page) - 1;
	return page;
}
