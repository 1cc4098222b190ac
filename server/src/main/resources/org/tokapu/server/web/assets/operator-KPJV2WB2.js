import{H as F,M as l,P as S,R as a,S as D,T as I,U as T,V as U,W as R,X as M,Y as W,c as P,e as B,h as E,q as C,w as b,wa as K}from"./chunk-PS2RABTC.js";import"./chunk-SQE76S5B.js";var V=/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/,H=/([a-zA-Z_]\w*)="((?:\\.|[^"\\])*)"/g;function N(e){let n=new Map;for(let s of e.split(`
`)){if(!s||s.startsWith("#"))continue;let r=V.exec(s);if(!r)continue;let u=r[3]==="+Inf"?1/0:r[3]==="-Inf"?-1/0:Number(r[3]),i={};for(let[,d,o]of(r[2]??"").matchAll(H))i[d]=o.replace(/\\(.)/g,($,c)=>c==="n"?`
`:c);n.has(r[1])||n.set(r[1],[]),n.get(r[1]).push({labels:i,value:u})}return n}function h(e,...n){for(let s of n){let r=e.get(s);if(r?.length)return r.reduce((u,i)=>u+i.value,0)}}var J=5,q=E({}),f=E([[],[],[],[],[]]),z=null;async function Z(){let e=async y=>{try{return{data:await y()}}catch(v){return{error:v}}},s={start_time:Math.floor(Date.now()/1e3-2592e3),bucket_width:"1d",limit:31},[r,u,i,d,o,$]=await Promise.all([e(b.health),e(()=>b.models()),e(()=>b.metrics()),e(()=>b.usage(s)),e(()=>b.costs(s)),e(b.keys)]),c=i.data?Q(N(i.data)):null;c&&X(c),q.value={health:r,models:u,figures:c,metrics:i,usage:d,costs:o,keys:$}}function Q(e){return{running:h(e,"tokapu_requests_running"),waiting:h(e,"tokapu_requests_waiting"),generated:h(e,"tokapu_generated_tokens_total"),prompt:h(e,"tokapu_prompt_tokens_total"),pagesUsed:h(e,"tokapu_kv_pages_used"),pages:h(e,"tokapu_kv_pages"),sessions:h(e,"tokapu_sessions"),memory:h(e,"process_resident_memory_bytes","tokapu_memory_bytes","jvm_memory_used_bytes")}}function X(e){let n=Date.now()/1e3,s=u=>z&&e[u]!==void 0&&n>z.now?Math.max(0,(e[u]-z[u])/(n-z.now)):null,r=[n,s("generated"),s("prompt"),e.running??null,e.waiting??null];f.value=f.value.map((u,i)=>[...u,r[i]].slice(-360)),z={...e,now:n}}function ue(){P(()=>{Z();let o=setInterval(()=>document.hidden||Z(),J*1e3);return()=>clearInterval(o)},[]);let{health:e,models:n,figures:s,usage:r,costs:u,keys:i}=q.value,d=f.value[1].at(-1);return l`<div class="operator"><header class="top">
      <button class="ghost only-narrow" aria-label=${a("openList")} onClick=${()=>F.value=!0}><${W} /></button>
      <h1>${a("operator")}</h1><span class="space"></span>
      ${e&&l`<span class=${`status ${e.error?"bad":"good"}`}><i></i>${a(e.error?"op.down":"op.ok")}</span>`}
    </header>
    <div class="scroller"><div class="board"><p class="hint">${a("op.why")}</p>
    <section aria-label=${a("op.now")}><div class="tiles">
      <${g} name="op.running" value=${s?.running} />
      <${g} name="op.waiting" value=${s?.waiting} />
      <${g} name="op.speed" value=${d} show=${o=>o<10?o.toFixed(1):D(Math.round(o))} />
      <${g} name="op.sessions" value=${s?.sessions} />
      <${g} name="op.memory" value=${s?.memory} show=${G} />
      <${g} name="op.kv" value=${s?.pages?s.pagesUsed/s.pages:void 0} show=${R} />
    </div>
    ${s?l`<div class="plots"><${L} title=${a("op.tokensPlot")} data=${[f.value[0],f.value[1],f.value[2]]} labels=${[a("op.generated"),a("op.prompt")]} />
        <${L} title=${a("op.queuePlot")} data=${[f.value[0],f.value[3],f.value[4]]} labels=${[a("op.running"),a("op.waiting")]} /></div>`:q.value.metrics?.error&&l`<${A} error=${q.value.metrics.error} text=${a("op.noMetrics")} />`}</section>

    <section><h2>${a("op.models")}</h2>
      ${n?.data?.length?l`<ul class="rows">${n.data.map(o=>l`<li key=${o.id}><strong>${o.id}</strong>
          <span>${[o.context&&a("op.context",{n:D(o.context)}),o.raw.meta?.size&&G(o.raw.meta.size),o.state&&a(`state.${o.state}`)].filter(Boolean).join(" · ")}</span></li>`)}</ul>`:n&&l`<${A} error=${n.error} text=${a("noModel")} />`}</section>

    <${Y} usage=${r} costs=${u} />

    <section><h2>${a("op.keys")}</h2>
      ${i?.data?.data?.length?l`<div class="table" tabindex="0"><table><thead><tr>${["op.keyName","op.keyScopes","op.keyCreated","op.keyUsed"].map(o=>l`<th key=${o}>${a(o)}</th>`)}</tr></thead>
          <tbody>${i.data.data.map(o=>l`<tr key=${o.id}><td>${o.name}</td><td>${(o.scopes??[]).join(", ")}</td>
            <td>${o.created_at?U(o.created_at*1e3):""}</td><td>${o.last_used_at?U(o.last_used_at*1e3):a("never")}</td></tr>`)}</tbody></table></div>`:i&&l`<${A} error=${i.error} text=${l`${a("op.noKeys")} <code>tokapu keys add</code>`} />`}</section>
    </div></div></div>`}var g=({name:e,value:n,show:s=D})=>l`<div class="tile"><span>${a(e)}</span>
  <strong>${n==null?"–":s(n)}</strong></div>`,A=({error:e,text:n})=>l`<p class="empty">${e?.status===401||e?.status===403?a("op.admin"):n}</p>`;function Y({usage:e,costs:n}){let s=e?.data?.data??[],r=(t,p)=>(t.results??[]).reduce((_,x)=>_+(x[p]??0),0),u=s.reduce((t,p)=>t+r(p,"input_tokens"),0),i=s.reduce((t,p)=>t+r(p,"output_tokens"),0),d=s.reduce((t,p)=>t+r(p,"num_model_requests"),0),o=n?.data?.data??[],$=o.flatMap(t=>t.results??[]).filter(t=>t.amount),c=$[0]?.amount.currency??"USD",y=(t,p="amount")=>(t.results??[]).reduce((_,x)=>_+(x[p]?.currency===c?x[p].value:0),0),v=t=>o.reduce((p,_)=>p+y(_,t),0);return l`<section><h2>${a("op.usage")} <small>${a("op.last30")}</small></h2>
    ${u+i>0?l`<div class="tiles"><${g} name="op.requests" value=${d} /><${g} name="op.prompt" value=${u} show=${I} />
          <${g} name="op.generated" value=${i} show=${I} />
          ${$.length>0&&l`<${g} name="op.cost" value=${v("amount")} show=${t=>M(t,c)} />`}
          ${$.some(t=>t.measured)&&l`<${g} name="op.measured" value=${v("measured")} show=${t=>M(t,c)} />`}
          ${$.some(t=>t.hosted)&&l`<${g} name="op.hosted" value=${v("hosted")} show=${t=>M(t,c)} />`}</div>
        <div class="plots"><${L} days title=${a("op.usagePlot")} labels=${[a("op.generated"),a("op.prompt")]}
          data=${[s.map(t=>t.start_time),s.map(t=>r(t,"output_tokens")),s.map(t=>r(t,"input_tokens"))]} />
        ${$.length>0&&l`<${L} days title=${a("op.costPlot")} labels=${[a("op.cost")]} show=${t=>M(t,c)}
          data=${[o.map(t=>t.start_time),o.map(t=>y(t))]} />`}</div>`:e&&l`<${A} error=${e.error} text=${e.error?a("op.noUsageApi"):a("op.noUsage")} />`}</section>`}function L({title:e,data:n,labels:s,days:r=!1,show:u=I}){let i=B(null),d=B(null),o=B(n);return o.current=n,P(()=>{let $=!0,c;return K().then(y=>{if(!$)return;let v=getComputedStyle(i.current),t=k=>v.getPropertyValue(k).trim(),p=`12px ${v.fontFamily}`,_={stroke:t("--ink-3"),grid:{stroke:t("--line"),width:1},ticks:{show:!1},font:p},x=(k,m)=>m.map(w=>r?T(w*1e3):new Date(w*1e3).toLocaleTimeString(S.value,{hour:"2-digit",minute:"2-digit",second:"2-digit"})),j=[t("--accent"),t("--accent-2")];d.current=new y({width:i.current.clientWidth,height:190,legend:{live:!0},cursor:{y:!1,points:{size:7}},axes:[{..._,values:x,space:90,size:30},{..._,values:(k,m)=>m.map(w=>u(w)),size:64}],scales:{y:{range:(k,m,w)=>[0,w>0?w*1.1:1]}},series:[{value:(k,m)=>m===null?"–":r?T(m*1e3):new Date(m*1e3).toLocaleTimeString(S.value),label:a("op.time")},...s.map((k,m)=>({label:k,stroke:j[m],width:2,points:{show:o.current[0].length<3},value:(w,O)=>O===null?"–":u(O),...r?{paths:y.paths.bars({size:[.55,28],radius:.2,align:s.length>1?m?1:-1:0}),fill:j[m],points:{show:!1}}:{fill:`${j[m]}1f`}}))]},o.current,i.current),c=new ResizeObserver(()=>d.current.setSize({width:i.current.clientWidth,height:190})),c.observe(i.current)}),()=>{$=!1,c?.disconnect(),d.current?.destroy(),d.current=null}},[S.value,C.value,s.join()]),P(()=>d.current?.setData(n)),l`<figure class="plot"><figcaption>${e}</figcaption><div ref=${i} role="img" aria-label=${`${e}: ${s.map(($,c)=>`${$} ${u(n[c+1].at(-1)??0)}`).join(", ")}`}></div></figure>`}function G(e){let n=["B","KiB","MiB","GiB","TiB"],s=0;for(;e>=1024&&s<4;)e/=1024,s++;return`${e<10?e.toFixed(1):Math.round(e)} ${n[s]}`}export{ue as OperatorPage};
