// app.js - says that it has run, and offers what the test calls.
import {follow} from '/assets/follow.js';

document.getElementById('state').textContent = 'has run';
window.follow = follow;
