// @ts-check
/**
 * What the page of a map does: search and filters hide lanes of the drawing, a click on one opens its details. Names come
 * from code that anybody may have written, so they are only ever set as text.
 */
(() => {
  /** @typedef {import('../model.ts').JobMap} JobMap */
  /** @typedef {import('../model.ts').Place} Place */
  /** @typedef {{ name: string, retry: string, schedule: string | null }} JobText */
  /**
   * @typedef {object} Texts
   * @property {{ retry: string }[]} queues
   * @property {{ concurrency: string }[]} workers
   * @property {{ name: string, enqueues: { jobs: JobText[], callers: JobText[][] }[] }[]} producers
   */
  /** @typedef {{ id: string, findings: number[], hasFlow: boolean, hasSchedule: boolean }} LaneData */

  /** Of the drawing; see svg.ts. */
  const TOP = 48;
  const GAP = 18;

  /** @type {unknown} */
  const data = JSON.parse(one('#data').textContent);
  const { map, lanes, texts } = /** @type {{ map: JobMap, lanes: LaneData[], texts: Texts }} */ (data);
  const svg = /** @type {SVGSVGElement} */ (document.querySelector('svg.map'));
  const search = /** @type {HTMLInputElement} */ (one('#search'));
  const details = one('#details');
  const queueList = one('.queues');
  const nothing = one('.nothing');

  const views = lanes.map((lane, index) => {
    const queue = /** @type {JobMap['queues'][number]} */ (map.queues[index]);
    const producers = map.producers.flatMap((producer, at) =>
      producer.enqueues.some((enqueue) => goesTo(enqueue, queue.id)) ? [{ producer, at }] : [],
    );
    const workers = map.workers.flatMap((worker, at) =>
      worker.queues.includes(queue.id) ? [{ worker, at }] : [],
    );
    const findings = lane.findings.flatMap((at) => map.findings[at] ?? []);
    const haystack = JSON.stringify([
      queue.name.text,
      queue.places,
      producers.map(({ producer }) => producer),
      workers.map(({ worker }) => worker),
      findings.map(({ rule, file }) => [rule, file]),
    ]).toLowerCase();
    const group = /** @type {SVGGElement} */ (svg.querySelectorAll('g.lane')[index]);
    return { lane, index, queue, producers, workers, findings, haystack, group, item: element('li') };
  });
  /** @typedef {(typeof views)[number]} View */

  const filters = [
    { label: 'with findings', test: (/** @type {View} */ { lane }) => lane.findings.length > 0 },
    { label: 'without worker', test: (/** @type {View} */ { queue }) => queue.hasWorker === 'no' },
    { label: 'not fed', test: (/** @type {View} */ { queue }) => queue.isFed === 'no' },
    { label: 'scheduled', test: (/** @type {View} */ { lane }) => lane.hasSchedule },
    { label: 'in flows', test: (/** @type {View} */ { lane }) => lane.hasFlow },
    { label: 'name unknown', test: (/** @type {View} */ { queue }) => !queue.name.isKnown },
  ].map((filter) => ({ ...filter, isOn: false, button: element('button') }));
  /** @type {View | undefined} */
  let selected;
  const WORDS = {
    construction: 'made',
    registration: 'registered',
    injection: 'injected',
  };

  for (const filter of filters) {
    const count = views.filter(filter.test).length;
    if (count === 0) continue;
    filter.button.type = 'button';
    filter.button.append(`${filter.label} `, element('b', {}, String(count)));
    filter.button.setAttribute('aria-pressed', 'false');
    filter.button.addEventListener('click', () => {
      filter.isOn = !filter.isOn;
      filter.button.setAttribute('aria-pressed', String(filter.isOn));
      apply();
    });
    one('.filters').append(filter.button);
  }

  for (const view of views) {
    const { queue, lane, group, item } = view;
    const button = element('button', { type: 'button' });
    button.append(
      element('i', { class: `dot ${stateOf(view)}`, 'aria-hidden': 'true' }),
      element('span', {}, queue.name.text),
    );
    if (lane.findings.length > 0)
      button.append(element('em', { title: 'findings' }, String(lane.findings.length)));
    button.title = queue.name.text;
    const notes = [
      queue.hasWorker === 'no' ? 'no worker' : '',
      queue.isFed === 'no' ? 'not fed' : '',
      lane.findings.length > 0 ? `${lane.findings.length} findings` : '',
    ].filter(Boolean);
    button.setAttribute('aria-label', [queue.name.text, ...notes].join(', '));
    button.addEventListener('click', () => {
      select(view);
      show(view);
    });
    item.append(button);
    queueList.append(item);

    group.setAttribute('tabindex', '0');
    group.setAttribute('role', 'button');
    group.setAttribute('aria-label', ['Queue', queue.name.text, ...notes].join(', '));
    group.addEventListener('click', () => select(view));
  }

  search.addEventListener('input', apply);
  for (const clear of document.querySelectorAll('.clear')) clear.addEventListener('click', reset);
  document.addEventListener('keydown', onKey);
  window.addEventListener('hashchange', openAddress);
  showOtherFindings();
  apply();
  openAddress();

  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let y = TOP;
    let count = 0;
    for (const view of views) {
      const isShown =
        words.every((word) => view.haystack.includes(word)) &&
        filters.every((filter) => !filter.isOn || filter.test(view));
      view.group.style.display = isShown ? '' : 'none';
      view.item.hidden = !isShown;
      if (!isShown) continue;
      count++;
      view.group.setAttribute('transform', `translate(0 ${y})`);
      view.group.dataset.y = String(y);
      y += Number(view.group.dataset.height) + GAP;
    }
    const height = Math.max(y, TOP + 60);
    svg.setAttribute('height', String(height));
    svg.setAttribute('viewBox', `0 0 ${svg.getAttribute('width')} ${height}`);
    for (const flow of svg.querySelectorAll('path.flow')) drawFlow(/** @type {SVGPathElement} */ (flow));
    svg.style.display = count === 0 ? 'none' : '';
    nothing.hidden = count > 0 || views.length === 0;
    one('.count').textContent =
      count === views.length
        ? `${count} ${count === 1 ? 'queue' : 'queues'}`
        : `${count} of ${views.length} queues`;
  }

  /** @param {SVGPathElement} flow */
  function drawFlow(flow) {
    const at = (/** @type {string | undefined} */ id) => views.find(({ queue }) => queue.id === id)?.group;
    const { parent, child, x, turn, from, to } = flow.dataset;
    const [start, end] = [at(parent), at(child)];
    const isShown = start && end && start.style.display !== 'none' && end.style.display !== 'none';
    flow.style.display = isShown ? '' : 'none';
    if (isShown)
      flow.setAttribute(
        'd',
        `M${x} ${Number(start.dataset.y) + Number(from)}H${turn}V${Number(end.dataset.y) + Number(to)}H${Number(x) + 3}`,
      );
  }

  function reset() {
    search.value = '';
    for (const filter of filters) {
      filter.isOn = false;
      filter.button.setAttribute('aria-pressed', 'false');
    }
    apply();
    search.focus();
  }

  /** @param {View} view */
  function show(view) {
    const isSmooth = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    view.group.scrollIntoView({
      block: 'center',
      behavior: isSmooth && views.length < 40 ? 'smooth' : 'auto',
    });
  }

  /** @param {View | undefined} view */
  function select(view) {
    selected?.group.classList.remove('selected');
    selected?.item.classList.remove('selected');
    selected = view;
    details.hidden = !view;
    document.body.classList.toggle('with-details', Boolean(view));
    if (!view) return;
    view.group.classList.add('selected');
    view.item.classList.add('selected');
    history.replaceState(null, '', `#${encodeURIComponent(view.queue.id)}`);
    details.replaceChildren(...detailsOf(view));
    details.scrollTop = 0;
  }

  function close() {
    const { group } = selected ?? {};
    select(undefined);
    history.replaceState(null, '', ' ');
    group?.focus({ preventScroll: true });
  }

  function openAddress() {
    let id = '';
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const view = views.find(({ queue }) => queue.id === id);
    if (!view || view === selected) return;
    select(view);
    show(view);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const { target } = event;
    const isTyping = target === search;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/' && !isTyping) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === 'Escape') {
      if (selected) close();
      else if (isTyping && search.value !== '') reset();
    } else if ((event.key === 'Enter' || event.key === ' ') && target instanceof SVGElement) {
      const view = views.find(({ group }) => group === target);
      if (!view) return;
      event.preventDefault();
      select(view);
      one('#details .close').focus();
    } else if (
      (event.key === 'ArrowDown' || event.key === 'ArrowUp') &&
      !isTyping &&
      !details.contains(/** @type {Node} */ (target))
    ) {
      const shown = views.filter(({ item }) => !item.hidden);
      const isList = target instanceof Element && target.closest('.queues') !== null;
      const at = shown.findIndex(
        ({ group, item }) => group === target || item.contains(/** @type {Node} */ (target)),
      );
      const next = shown[at + (event.key === 'ArrowDown' ? 1 : -1)];
      if (at < 0 || !next) return;
      event.preventDefault();
      if (isList) next.item.querySelector('button')?.focus();
      else {
        next.group.focus({ preventScroll: true });
        next.group.scrollIntoView({ block: 'nearest' });
      }
    }
  }

  /** @param {View} view */
  function detailsOf(view) {
    const { queue, producers, workers, findings, index } = view;
    const closer = element(
      'button',
      { type: 'button', class: 'close', 'aria-label': 'Close the details' },
      '×',
    );
    closer.addEventListener('click', close);
    const head = element('div', { class: 'head' });
    head.append(element('h2', {}, queue.name.text), closer);
    const notes = element('ul', { class: 'notes' });
    const note = (/** @type {string} */ text, isWarning = false) =>
      notes.append(element('li', isWarning ? { class: 'warn' } : {}, text));
    if (!queue.name.isKnown)
      note('The name is known at run time only; this is the expression that gives it.');
    if (queue.hasWorker === 'no') note('No worker of this project runs this queue.', true);
    if (queue.hasWorker === 'unknown') note('A worker whose queue cannot be known may run this one.');
    if (queue.isFed === 'no') note('No call in this project adds jobs to this queue.', true);
    if (queue.isFed === 'unknown') note('A call whose queue cannot be known may feed this one.');
    /** @type {HTMLElement[]} */
    const parts = [head, notes];

    if (findings.length > 0) parts.push(section('Findings', findings.map(findingItem)));
    if (queue.places.length > 0)
      parts.push(
        section('Queue', [
          item(`default retries: ${texts.queues[index]?.retry}`),
          ...queue.places.map((place) => item(WORDS[place.by], place)),
        ]),
      );
    parts.push(
      section(
        'Producers',
        producers.map(({ producer, at }) => {
          const text = texts.producers[at];
          const box = element('li', { class: 'block' });
          box.append(element('strong', {}, text?.name ?? ''));
          for (const [number, enqueue] of producer.enqueues.entries()) {
            if (!goesTo(enqueue, queue.id)) continue;
            box.append(row(`${enqueue.method}()`, enqueue.at));
            enqueue.jobs.forEach((job, position) => {
              const shown = text?.enqueues[number]?.jobs[position];
              if (shown && job.queues.includes(queue.id)) box.append(jobRow(shown, job.queues.length));
            });
            if (enqueue.isPartial)
              box.append(element('p', { class: 'soft' }, 'and jobs that cannot be seen'));
            enqueue.callers.forEach((caller, which) => {
              if (!caller.jobs.some((job) => job.queues.includes(queue.id))) return;
              box.append(row(`called by ${caller.function ?? 'code'}`, caller.at));
              for (const shown of text?.enqueues[number]?.callers[which] ?? []) box.append(jobRow(shown, 1));
            });
          }
          for (const entry of producer.reachedFrom) {
            const run = map.workers
              .filter(({ id }) => entry.workers.includes(id))
              .flatMap((worker) => worker.queues);
            const names = map.queues.filter(({ id }) => run.includes(id)).map(({ name }) => name.text);
            const of = names.length > 0 ? ` (worker of ${names.join(', ')})` : '';
            box.append(row(`reached from ${entry.role} ${entry.function ?? ''}${of}`, entry.at));
          }
          return box;
        }),
      ),
    );
    parts.push(
      section(
        'Workers',
        workers.map(({ worker, at }) => {
          const box = element('li', { class: 'block' });
          box.append(element('strong', {}, texts.workers[at]?.concurrency ?? ''), row('made', worker.at));
          for (const processor of worker.processors) {
            const only = processor.jobName ? `, only jobs named ${processor.jobName.text}` : '';
            const sandbox = processor.isSandboxed ? ', in a process of its own' : '';
            box.append(row(`runs ${processor.function ?? 'a function'}${only}${sandbox}`, processor.at));
          }
          if (worker.processors.length === 0)
            box.append(element('p', { class: 'soft' }, 'The function that it runs cannot be seen.'));
          return box;
        }),
      ),
    );
    const flows = map.flows.filter(({ parent, child }) => parent === queue.id || child === queue.id);
    if (flows.length > 0)
      parts.push(
        section(
          'Flows',
          flows.map((flow) => {
            const isParent = flow.parent === queue.id;
            const other = views.find(
              (candidate) => candidate.queue.id === (isParent ? flow.child : flow.parent),
            );
            const box = element('li');
            box.append(isParent ? 'waits for jobs of ' : 'jobs of ');
            if (other) {
              const link = element('button', { type: 'button', class: 'link' }, other.queue.name.text);
              link.addEventListener('click', () => {
                select(other);
                show(other);
              });
              box.append(link);
            }
            if (!isParent) box.append(' wait for these');
            for (const place of flow.places) box.append(row('added', place));
            return box;
          }),
        ),
      );
    return parts;
  }

  /** @param {JobText} job @param {number} choices */
  function jobRow({ name, retry, schedule }, choices) {
    const box = element('p', { class: 'job' });
    box.append(element('code', {}, name), ` ${retry}`);
    if (schedule !== null) box.append(element('span', { class: 'when' }, schedule));
    if (choices > 1) box.append(element('span', { class: 'soft' }, ` to one of ${choices} queues`));
    return box;
  }

  /** @param {string} title @param {Element[]} items */
  function section(title, items) {
    const box = element('section');
    const list = element('ul');
    list.append(...items);
    box.append(
      element('h3', {}, `${title} ${title === 'Queue' ? '' : items.length}`),
      items.length > 0 ? list : element('p', { class: 'soft' }, 'None that can be seen.'),
    );
    return box;
  }

  /** @param {JobMap['findings'][number]} finding */
  function findingItem(finding) {
    const box = element('li', { class: 'finding' });
    box.append(element('strong', {}, finding.rule), element('p', {}, finding.message), placeButton(finding));
    return box;
  }

  /** @param {string} text @param {Place} [place] */
  function item(text, place) {
    const box = element('li');
    box.append(place ? row(text, place) : text);
    return box;
  }

  /** @param {string} text @param {Place} place */
  function row(text, place) {
    const box = element('p', { class: 'row' });
    box.append(element('span', {}, `${text} `), placeButton(place));
    return box;
  }

  /** @param {Place} place */
  function placeButton({ file, line }) {
    const text = `${file}:${line}`;
    const button = element('button', { type: 'button', class: 'place', title: 'Copy' }, text);
    button.addEventListener('click', () => {
      const done = () => {
        button.classList.add('copied');
        setTimeout(() => button.classList.remove('copied'), 1200);
      };
      const mark = () => getSelection()?.selectAllChildren(button);
      // Some browsers have no clipboard in pages that are opened from the disk: then the text is selected.
      if ('clipboard' in navigator) navigator.clipboard.writeText(text).then(done, mark);
      else mark();
    });
    return button;
  }

  function showOtherFindings() {
    const seen = new Set(lanes.flatMap(({ findings }) => findings));
    const others = map.findings.filter((_, index) => !seen.has(index));
    if (others.length === 0) return;
    const box = one('.elsewhere');
    box.hidden = false;
    one('.elsewhere .findings').append(...others.map(findingItem));
  }

  /** @param {View} view */
  function stateOf({ queue, lane }) {
    if (queue.hasWorker === 'no' || queue.isFed === 'no') return 'orphan';
    if (lane.findings.length > 0) return 'bad';
    return queue.name.isKnown ? 'good' : 'open';
  }

  /** @param {JobMap['producers'][number]['enqueues'][number]} enqueue @param {string} id */
  function goesTo({ jobs, callers }, id) {
    return [...jobs, ...callers.flatMap((caller) => caller.jobs)].some((job) => job.queues.includes(id));
  }

  /** @param {string} selector */
  function one(selector) {
    return /** @type {HTMLElement} */ (document.querySelector(selector));
  }

  /**
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag
   * @param {Record<string, string>} [attributes]
   * @param {string} [text]
   */
  function element(tag, attributes = {}, text) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }
})();
