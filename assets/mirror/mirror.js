// What nginx cannot say by itself: when a copy was true, what is a document, and how old a copy is now.

import crypto from 'crypto';

// Seconds within which the page is asked for a document once: four times a minute. Less than the 20 s after which a desk
// reads what it was told a second time, so that it then gets another copy.
const SLOT = 15;

// Seconds after its slot for which a copy is given out while another desk's request renews it. Not for ever, because nginx
// never notices that whoever renews it was killed.
const MEANWHILE = 30;

const now = () => Date.now() / 1000;
const slot_at = (seconds) => Math.floor(seconds / SLOT);

// The present slot's number, a part of the key under which the page's answer is kept.
function slot() {
    return String(slot_at(now()));
}

// Whole seconds since OpenAI's server said what this copy says, rounded up; empty, and no header, of an answer that is no
// copy of theirs.
function age(r) {
    const true_at = Number(r.variables.upstream_http_mirror_true_at);
    return String(true_at > 0 ? Math.max(0, Math.ceil(now() - true_at)) : '');
}

// Gives the front a document, or an error instead of which it serves the copy that it has.
async function publish(r) {
    const asked_at = now();
    let reply;
    try {
        reply = await r.subrequest('/asked' + r.uri, { method: 'GET' });
    } catch (error) {
        return refuse(r, 502, 'the status page could not be read: ' + error.message);
    }
    const status = reply.status;
    if (status === 404 || status === 410) {
        return refuse(r, 404, 'the status page has no such document');
    }
    if (status === 403 || status === 429 || status >= 500) {
        return refuse(r, status <= 504 ? status : 502, 'the status page answers ' + status);
    }
    if (status !== 200 || !is_document(reply)) {
        return refuse(r, 502, 'the status page answers ' + status + ' with no document');
    }
    // What another request of this slot brought is at most as old as the slot.
    const said_at = reply.variables.upstream_cache_status === 'MISS' ? asked_at : slot_at(asked_at) * SLOT;
    const caches_before = Math.max(0, parseInt(reply.headersOut.Age, 10) || 0);
    r.headersOut['Content-Type'] = 'application/json';
    r.headersOut['Cache-Control'] = until_the_next_slot() + ', stale-while-revalidate=' + MEANWHILE;
    r.headersOut['Mirror-True-At'] = (said_at - caches_before).toFixed(3);
    r.headersOut.ETag = '"' + crypto.createHash('sha256').update(reply.responseBuffer).digest('hex').slice(0, 32) + '"';
    r.return(200, reply.responseBuffer);
}

function is_document(reply) {
    if (!/^application\/([\w.-]+\+)?json\b/i.test(reply.headersOut['Content-Type'] || '')) {
        return false;
    }
    try {
        const read = JSON.parse(reply.responseText);
        return typeof read === 'object' && read !== null && !Array.isArray(read);
    } catch (error) {
        return false;
    }
}

function refuse(r, status, why) {
    r.headersOut['Content-Type'] = 'application/json';
    r.headersOut['Cache-Control'] = until_the_next_slot();
    r.return(status, JSON.stringify({ error: why }) + '\n');
}

function until_the_next_slot() {
    const at = now();
    return 'max-age=' + Math.max(1, Math.floor((slot_at(at) + 1) * SLOT - at));
}

export default { slot, age, publish };
