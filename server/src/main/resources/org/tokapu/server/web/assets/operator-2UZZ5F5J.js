import{H as F,M as l,P as S,R as n,S as D,T as I,U as T,V as U,W as R,X as M,Y as W,c as P,e as B,h as E,q as O,w as b,wa as K}from"./chunk-LXARFDQO.js";import"./chunk-SQE76S5B.js";var V=/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/,H=/([a-zA-Z_]\w*)="((?:\\.|[^"\\])*)"/g;function N(e){let a=new Map;for(let s of e.split(`
`)){if(!s||s.startsWith("#"))continue;let r=V.exec(s);if(!r)continue;let u=r[3]==="+Inf"?1/0:r[3]==="-Inf"?-1/0:Number(r[3]),i={};for(let[,$,o]of(r[2]??"").matchAll(H))i[$]=o.replace(/\\(.)/g,(m,c)=>c==="n"?`
`:c);a.has(r[1])||a.set(r[1],[]),a.get(r[1]).push({labels:i,value:u})}return a}function f(e,...a){for(let s of a){let r=e.get(s);if(r?.length)return r.reduce((u,i)=>u+i.value,0)}}var J=5,q=E({}),v=E([[],[],[],[],[]]),z=null;async function Z(){let e=async k=>{try{return{data:await k()}}catch(_){return{error:_}}},s={start_time:Math.floor(Date.now()/1e3-2592e3),bucket_width:"1d",limit:31},[r,u,i,$,o,m]=await Promise.all([e(b.health),e(()=>b.models()),e(()=>b.metrics()),e(()=>b.usage(s)),e(()=>b.costs(s)),e(b.keys)]),c=i.data?Q(N(i.data)):null;c&&X(c),q.value={health:r,models:u,figures:c,metrics:i,usage:$,costs:o,keys:m}}function Q(e){return{running:f(e,"tokapu_requests_running"),waiting:f(e,"tokapu_requests_waiting"),generated:f(e,"tokapu_generated_tokens_total"),prompt:f(e,"tokapu_prompt_tokens_total"),pagesUsed:f(e,"tokapu_kv_pages_used"),pages:f(e,"tokapu_kv_pages"),sessions:f(e,"tokapu_sessions"),memory:f(e,"process_resident_memory_bytes","tokapu_memory_bytes","jvm_memory_used_bytes")}}function X(e){let a=Date.now()/1e3,s=u=>z&&e[u]!==void 0&&a>z.now?Math.max(0,(e[u]-z[u])/(a-z.now)):null,r=[a,s("generated"),s("prompt"),e.running??null,e.waiting??null];v.value=v.value.map((u,i)=>[...u,r[i]].slice(-360)),z={...e,now:a}}function ue(){P(()=>{Z();let o=setInterval(()=>document.hidden||Z(),J*1e3);return()=>clearInterval(o)},[]);let{health:e,models:a,figures:s,usage:r,costs:u,keys:i}=q.value,$=v.value[1].at(-1);return l`<div class="operator"><header class="top">
      <button class="ghost only-narrow" aria-label=${n("openList")} onClick=${()=>F.value=!0}><${W} /></button>
      <h1>${n("operator")}</h1><span class="space"></span>
      ${e&&l`<span class=${`status ${e.error?"bad":"good"}`}><i></i>${n(e.error?"op.down":"op.ok")}</span>`}
    </header>
    <div class="scroller"><div class="board"><p class="hint">${n("op.why")}</p>
    <section aria-label=${n("op.now")}><div class="tiles">
      <${h} name="op.running" value=${s?.running} />
      <${h} name="op.waiting" value=${s?.waiting} />
      <${h} name="op.speed" value=${$} show=${o=>o<10?o.toFixed(1):D(Math.round(o))} />
      <${h} name="op.sessions" value=${s?.sessions} />
      <${h} name="op.memory" value=${s?.memory} show=${G} />
      <${h} name="op.kv" value=${s?.pages?s.pagesUsed/s.pages:void 0} show=${R} />
    </div>
    ${s?l`<div class="plots"><${L} title=${n("op.tokensPlot")} data=${[v.value[0],v.value[1],v.value[2]]} labels=${[n("op.generated"),n("op.prompt")]} />
        <${L} title=${n("op.queuePlot")} data=${[v.value[0],v.value[3],v.value[4]]} labels=${[n("op.running"),n("op.waiting")]} /></div>`:q.value.metrics?.error&&l`<${A} error=${q.value.metrics.error} text=${n("op.noMetrics")} />`}</section>

    <section><h2>${n("op.models")}</h2>
      ${a?.data?.length?l`<ul class="rows">${a.data.map(o=>l`<li key=${o.id}><strong>${o.id}</strong>
          <span>${[o.context&&n("op.context",{n:D(o.context)}),o.raw.meta?.size&&G(o.raw.meta.size),o.state&&n(`state.${o.state}`)].filter(Boolean).join(" · ")}</span></li>`)}</ul>`:a&&l`<${A} error=${a.error} text=${n("noModel")} />`}</section>

    <${Y} usage=${r} costs=${u} />

    <section><h2>${n("op.keys")}</h2>
      ${i?.data?.data?.length?l`<div class="table" tabindex="0"><table><thead><tr>${["op.keyName","op.keyScopes","op.keyCreated","op.keyUsed"].map(o=>l`<th key=${o}>${n(o)}</th>`)}</tr></thead>
          <tbody>${i.data.data.map(o=>l`<tr key=${o.id}><td>${o.name}</td><td>${(o.scopes??[]).join(", ")}</td>
            <td>${o.created_at?U(o.created_at*1e3):""}</td><td>${o.last_used_at?U(o.last_used_at*1e3):n("never")}</td></tr>`)}</tbody></table></div>`:i&&l`<${A} error=${i.error} text=${l`${n("op.noKeys")} <code>tokapu keys add</code>`} />`}</section>
    </div></div></div>`}var h=({name:e,value:a,show:s=D})=>l`<div class="tile"><span>${n(e)}</span>
  <strong>${a==null?"–":s(a)}</strong></div>`,A=({error:e,text:a})=>l`<p class="empty">${e?.status===401||e?.status===403?n("op.admin"):a}</p>`;function Y({usage:e,costs:a}){let s=e?.data?.data??[],r=(t,d)=>(t.results??[]).reduce((w,x)=>w+(x[d]??0),0),u=s.reduce((t,d)=>t+r(d,"input_tokens"),0),i=s.reduce((t,d)=>t+r(d,"output_tokens"),0),$=s.reduce((t,d)=>t+r(d,"num_model_requests"),0),o=a?.data?.data??[],m=o.flatMap(t=>t.results??[]).filter(t=>t.amount),c=m[0]?.amount.currency??"USD",k=(t,d="amount")=>(t.results??[]).reduce((w,x)=>w+(x[d]?.currency===c?x[d].value:0),0),_=t=>o.reduce((d,w)=>d+k(w,t),0);return l`<section><h2>${n("op.usage")} <small>${n("op.last30")}</small></h2>
    ${u+i>0?l`<div class="tiles"><${h} name="op.requests" value=${$} /><${h} name="op.prompt" value=${u} show=${I} />
          <${h} name="op.generated" value=${i} show=${I} />
          ${m.length>0&&l`<${h} name="op.cost" value=${_("amount")} show=${t=>M(t,c)} />`}
          ${m.some(t=>t.measured)&&l`<${h} name="op.measured" value=${_("measured")} show=${t=>M(t,c)} />`}
          ${m.some(t=>t.hosted)&&l`<${h} name="op.hosted" value=${_("hosted")} show=${t=>M(t,c)} />`}</div>
        <div class="plots"><${L} days title=${n("op.usagePlot")} labels=${[n("op.generated"),n("op.prompt")]}
          data=${[s.map(t=>t.start_time),s.map(t=>r(t,"output_tokens")),s.map(t=>r(t,"input_tokens"))]} />
        ${m.length>0&&l`<${L} days title=${n("op.costPlot")} labels=${[n("op.cost")]} show=${t=>M(t,c)}
          data=${[o.map(t=>t.start_time),o.map(t=>k(t))]} />`}</div>`:e&&l`<${A} error=${e.error} text=${e.error?n("op.noUsageApi"):n("op.noUsage")} />`}</section>`}function L({title:e,data:a,labels:s,days:r=!1,show:u=I}){let i=B(null),$=B(null),o=B(a);return o.current=a,P(()=>{let m=!0,c;return K().then(k=>{if(!m)return;let _=getComputedStyle(i.current),t=y=>_.getPropertyValue(y).trim(),d=`12px ${_.fontFamily}`,w={stroke:t("--ink-3"),grid:{stroke:t("--line"),width:1},ticks:{show:!1},font:d},x=(y,p)=>p.map(g=>r?T(g*1e3):new Date(g*1e3).toLocaleTimeString(S.value,{hour:"2-digit",minute:"2-digit",second:"2-digit",hourCycle:"h23"})),j=[t("--accent"),t("--accent-2")];$.current=new k({width:i.current.clientWidth,height:190,padding:[12,28,0,0],legend:{live:!0},cursor:{y:!1,points:{size:7}},axes:[{...w,values:x,space:90,size:30},{...w,values:(y,p)=>p.map(g=>u(g)),size:64}],scales:{...r?{}:{x:{range:(y,p,g)=>g===null?[0,60]:[Math.min(p,g-60),g]}},y:{range:(y,p,g)=>[0,g>0?g*1.1:1]}},series:[{value:(y,p)=>p===null?"–":r?T(p*1e3):new Date(p*1e3).toLocaleTimeString(S.value),label:n("op.time")},...s.map((y,p)=>({label:y,stroke:j[p],width:2,points:{show:o.current[0].length<3},value:(g,C)=>C===null?"–":u(C),...r?{paths:k.paths.bars({size:[.55,28],radius:.2,align:s.length>1?p?1:-1:0}),fill:j[p],points:{show:!1}}:{fill:`${j[p]}1f`}}))]},o.current,i.current),c=new ResizeObserver(()=>$.current.setSize({width:i.current.clientWidth,height:190})),c.observe(i.current)}),()=>{m=!1,c?.disconnect(),$.current?.destroy(),$.current=null}},[S.value,O.value,s.join()]),P(()=>$.current?.setData(a)),l`<figure class="plot"><figcaption>${e}</figcaption><div ref=${i} role="img" aria-label=${`${e}: ${s.map((m,c)=>`${m} ${u(a[c+1].at(-1)??0)}`).join(", ")}`}></div></figure>`}function G(e){let a=["B","KiB","MiB","GiB","TiB"],s=0;for(;e>=1024&&s<4;)e/=1024,s++;return`${e<10?e.toFixed(1):Math.round(e)} ${a[s]}`}export{ue as OperatorPage};
