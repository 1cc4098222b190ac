(()=>{try{let t=JSON.parse(localStorage.getItem("tokapu.theme"));(t==="dark"||t==="light")&&(document.documentElement.dataset.theme=t)}catch{}})();
