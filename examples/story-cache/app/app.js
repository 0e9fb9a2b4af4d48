// What moves in the app's pages.

const TTL_MS = 30 * 60 * 1000;
const getJson = async (path) => (await fetch(path)).json();

// The server answers when there is a story. The page never goes idle meanwhile.
async function waitForStories() {
  await getJson('/api/test-data/ready');
  location.reload();
}

// The studio listens for other authors' changes, for as long as it is open: it never goes idle at all.
async function listen() {
  for (;;) await getJson('/api/studio/events');
}

// The buttons of the cache's test page. Each writes "name: value" lines into #results.
function cacheTests() {
  const show = (name, value) => {
    const line = document.createElement('li');
    line.textContent = `${name}: ${value}`;
    document.getElementById('results').append(line);
  };
  const ms = (value) => `${value.toFixed(2)} ms`;

  // The server says how long it took to load the stories: no network, no browser in that number.
  async function cold() {
    localStorage.removeItem('stories');
    const answer = await fetch('/api/stories');
    const spent = Number(/dur=([\d.]+)/.exec(answer.headers.get('Server-Timing'))[1]);
    localStorage.setItem('stories', JSON.stringify({ saved: Date.now(), ...(await answer.json()) }));
    show('cold load', ms(spent));
  }

  async function warm() {
    if (!localStorage.getItem('stories')) await cold();
    const began = performance.now();
    const cached = JSON.parse(localStorage.getItem('stories'));
    if (Date.now() - cached.saved < TTL_MS) show('warm load', ms(performance.now() - began));
  }

  async function update() {
    const answer = await fetch('/api/stories/story-1', { method: 'PATCH', body: JSON.stringify({ status: 'revised' }) });
    localStorage.removeItem('stories');
    show('invalidated', (await answer.json()).invalidated.join(', '));
  }

  async function storage() {
    const began = performance.now();
    for (let i = 0; i < 100; i++) localStorage.setItem(`probe-${i}`, String(i));
    for (let i = 0; i < 100; i++) localStorage.removeItem(`probe-${i}`);
    show('localStorage', ms((performance.now() - began) / 200));
  }

  async function full() {
    for (const test of [cold, warm, update, storage]) await test();
    show('full test', 'done');
  }

  for (const [id, test] of Object.entries({ cold, warm, update, storage, full })) document.getElementById(id).onclick = test;
}
