// watch.js - keeps what the policy has stopped.
window.stopped = [];
document.addEventListener('securitypolicyviolation', ({effectiveDirective}) => window.stopped.push(effectiveDirective));
