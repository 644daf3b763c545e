// Goes on once every framed system has been told; a system that does not answer holds nobody up.
const go = () => location.replace(document.getElementById("onward").href);
addEventListener("load", go);
setTimeout(go, 3000);
