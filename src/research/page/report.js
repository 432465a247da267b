'use strict';
(() => {
  const r = JSON.parse(document.getElementById('data').textContent);
  const root = document.getElementById('report');
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // ---- words and numbers -------------------------------------------------------------------------------------------
  const none = '–';
  const number = (x, digits = 2) => x === null || x === undefined ? none
    : x.toLocaleString('en-US', {minimumFractionDigits: digits, maximumFractionDigits: digits}).replace(/^-(?=[0.,]*$)/, '').replace('-', '−');
  const percent = (x, digits = 2) => x === null ? none : number(100 * x, digits) + ' %';
  const count = (x) => number(x, 0);
  const plural = (n, word) => `${count(n)} ${word}${n === 1 ? '' : 's'}`;

  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === 'style') node.style.cssText = value;
      else node.setAttribute(key, value);
    }
    node.append(...children.filter((child) => child !== null));
    return node;
  };
  const heading = (text, note = '') => make('h2', {}, text, note ? make('small', {}, '  ' + note) : null);
  const section = (title, note, ...children) => make('section', {}, heading(title, note), ...children);
  const table = (heads, rows, words = 1, kind = '') => {
    const cell = (tag, text, i) => make(tag, i < words ? {class: 'word'} : {}, text);
    return make('table', {class: kind},
      make('thead', {}, make('tr', {}, ...heads.map((h, i) => cell('th', h, i)))),
      make('tbody', {}, ...rows.map((row) => make('tr', {}, ...row.map((c, i) => cell('td', c, i))))));
  };
  const status = {MET: ['met', '●'], 'NOT MET': ['not', '◆'], 'NOT ENOUGH DATA': ['wait', '○']};
  const say = (verdict) => make('span', {class: status[verdict][0]}, `${status[verdict][1]} ${verdict}`);

  // ---- head --------------------------------------------------------------------------------------------------------
  const symbols = r.symbols.length > 8 ? `${r.symbols.slice(0, 8).join(', ')} and ${r.symbols.length - 8} more` : r.symbols.join(', ');
  root.append(
    make('header', {}, make('h1', {}, r.title), make('span', {class: 'verdict ' + status[r.verdict][0]}, r.verdict_line.split(':')[0])),
    make('p', {class: 'dim'}, [`${r.from.slice(0, 10)} to ${r.to.slice(0, 10)}`, plural(r.days, 'trading day'), symbols, plural(r.trades.round_trips, 'round trip'),
      `turnover ${number(r.costs.turnover_year, 1)}× a year`, `trial ${r.evidence.trial} of ${r.evidence.trials}`, r.data_note].filter(Boolean).join(' · ')),
    make('p', {}, r.verdict_line + '. ' + r.sentence),
    table(['Net of commissions', 'Result', '', 'Target', 'Status'],
      r.targets.map((t) => [t.name, make('b', {}, t.result.replace('-', '−')), make('span', {class: 'dim'}, t.detail), t.target, say(t.status)])));

  // ---- charts ------------------------------------------------------------------------------------------------------
  const c = r.curves;
  const label = (i) => {
    const t = c.times[Math.max(0, Math.min(c.times.length - 1, Math.round(i)))];
    if (t === undefined) return '';
    const text = new Date(t * 1000).toISOString();
    return r.years > 1 ? text.slice(0, 7) : r.days > 10 ? text.slice(5, 10) : text.slice(5, 16).replace('T', ' ');
  };
  const axis = (extra = {}) => ({stroke: css('--dim'), grid: {stroke: css('--faint'), width: 1}, ticks: {show: false}, ...extra});
  const stretched = (band) => c.times.map((_, i) => {
    if (band.length < 2 || c.times.length < 2) return null;
    const at = i / (c.times.length - 1) * (band.length - 1), low = Math.floor(at), high = Math.min(low + 1, band.length - 1);
    return band[low] + (at - low) * (band[high] - band[low]);
  });
  const chart = (height, data, series, scales, bands, formatter) => {
    const holder = make('div', {class: 'chart'});
    root.append(holder);
    const draw = () => new uPlot({
      width: holder.clientWidth, height, scales: {x: {time: false}, ...scales}, bands,
      cursor: {points: {show: false}},
      legend: {live: false},
      axes: [axis({values: (_, ticks) => ticks.map(label)}), axis({size: 64, values: (_, ticks) => ticks.map((v) => v === null ? '' : formatter(v))})],
      series: [{label: 'time', value: (_, v) => label(v)}, ...series]
    }, data, holder);
    // Edges of a band are lines to the chart, and nothing to the reader.
    const quiet = () => holder.querySelectorAll('.u-series').forEach((row, i) => { if (i > 0 && series[i - 1].stroke === 'transparent') row.style.display = 'none'; });
    let plot = draw();
    quiet();
    addEventListener('resize', () => { plot.destroy(); plot = draw(); quiet(); });
  };
  if (c.times.length > 1 && typeof uPlot === 'function') {
    const x = c.times.map((_, i) => i);
    const colours = ['--one', '--two', '--three'];
    const banded = c.p05.length > 1;
    root.append(heading('Growth of 1, net', banded ? `band: 5 to 95 % and 25 to 75 % of ${count(r.evidence.histories)} resampled histories` : ''));
    const data = [x, c.growth, ...c.baselines.map((b) => b.growth)];
    const series = [{label: r.title, stroke: css('--run'), width: 2},
      ...c.baselines.map((b, i) => ({label: b.name, stroke: css(colours[i % 3]), width: 1.3}))];
    const bands = [];
    if (banded) {
      const first = data.length;
      data.push(stretched(c.p95), stretched(c.p05), stretched(c.p75), stretched(c.p25));
      for (const name of ['95 %', '5 %', '75 %', '25 %']) series.push({label: name, stroke: 'transparent', width: 0, points: {show: false}});
      bands.push({series: [first, first + 1], fill: css('--band')}, {series: [first + 2, first + 3], fill: css('--band2')});
    }
    const all = data.slice(1).flat().filter((v) => v !== null && v > 0);
    const wide = Math.max(...all) / Math.min(...all) > 2;
    chart(340, data, series, {y: wide ? {distr: 3} : {}}, bands, (v) => number(v, wide ? 2 : 4) + '×');
    root.append(heading('Drawdown', `largest ${percent(r.series[0].drawdown)}`));
    chart(150, [x, c.drawdown], [{label: 'drawdown', stroke: css('--down'), fill: css('--down') + '66', width: 1}],
      {y: {range: (_, low) => [Math.min(low, -1e-4) * 1.05, 0]}}, [], (v) => percent(v, 2));
  }

  // ---- tables ------------------------------------------------------------------------------------------------------
  root.append(section('Against baselines', 'same samples, same cost a side',
    table(['', 'Total', 'CAGR', 'Vol', 'Sharpe', 'Sortino', 'Max DD', 'Worst', 'ES 95 %', 'Skew', 'Kurt'],
      r.series.map((s) => [s.name, percent(s.total), r.years >= 0.5 ? percent(s.growth) : none, percent(s.volatility, 1), number(s.sharpe), number(s.sortino),
        percent(s.drawdown), percent(s.worst), percent(s.es95), number(s.skew, 1), number(s.kurtosis, 1)]))));

  const bars = (steps, unit) => {
    const most = Math.max(...steps.map((s) => Math.abs(s.sharpe)), 1e-9);
    return make('div', {class: 'bars'}, ...steps.map((s) => make('div', {}, number(s.sharpe),
      make('i', {style: `height:${Math.round(80 * Math.abs(s.sharpe) / most)}px;${s.sharpe < 0 ? 'background:var(--bad)' : ''}`}), `${s.at} ${unit}`)));
  };
  root.append(make('div', {class: 'columns'},
    section('Sharpe by cost a side', 'commission replaced, spread stays', bars(r.cost_ladder, 'bp')),
    section('Sharpe when later', `same positions, so many ${r.period === 'day' ? 'samples' : '× ' + r.period} later, before costs`, bars(r.lag_test, ''))));

  const e = r.evidence, k = r.costs, t = r.trades;
  root.append(make('div', {class: 'columns'},
    section('Money', '', table(['', ''], [
      ['Equity at the start', number(r.start_equity)], ['Before commissions', number(k.gross_profit)],
      [`Commissions (${number(k.commission_bp)} bp)`, number(-k.commissions)], ['Net', make('b', {}, number(k.net_profit))],
      ['Traded', number(k.traded)], [`Slippage, inside (${number(k.slippage_bp)} bp)`, number(-k.slippage)],
      ['Exposure, mean', percent(k.exposure, 1)], ['With a position', percent(k.in_market, 0)]])),
    section('Evidence', '', table(['', ''], [
      ['Sharpe, 95 % by resampling', `${number(e.sharpe_low)} to ${number(e.sharpe_high)}`], ['Sharpe, 95 % by Lo', `${number(e.sharpe_lo_low)} to ${number(e.sharpe_lo_high)}`],
      ['Corrected for autocorrelation', number(e.sharpe_autocorrelation)],
      ['Fills moved within the spread, 90 %', r.noise.draws ? `${number(r.noise.sharpe_low)} to ${number(r.noise.sharpe_high)}` : none], ['P(true Sharpe > 0)', number(e.probabilistic, 3)],
      ['Deflated', number(e.deflated, 3)], ['Trials (independent)', `${count(e.trials)} (${number(e.trials_effective, 1)})`],
      ['Best by luck', number(e.best_by_luck)], ['Record needed', e.years_needed === null ? none : number(e.years_needed, 1) + ' years'],
      ['Overfitting', e.overfitting === null ? none : number(e.overfitting)]])),
    section('Trades', '', table(['', ''], [
      ['Orders, changed, cancelled', `${count(t.orders)}, ${count(t.modifications)}, ${count(t.cancellations)}`], ['Rejected', count(t.rejections)], ['Fills', count(t.fills)],
      ['Round trips', count(t.round_trips)], ['Won', t.round_trips ? percent(t.hit_rate, 1) : none], ['Profit factor', t.profit_factor ? number(t.profit_factor) : none],
      ['Average win, loss', `${number(t.average_win)}, ${number(t.average_loss)}`], ['Best, worst', `${number(t.best)}, ${number(t.worst)}`]]))));

  if (r.strategies.length) {
    root.append(section('Strategies', 'by contribution', table(['', 'Net', 'Realized', 'Unrealized', 'Commissions', 'Weight', 'Signals', 'Fills', 'State'],
      r.strategies.map((s) => [s.name, make('b', {}, number(s.profit)), number(s.realized), number(s.unrealized), number(s.commissions), number(s.weight),
        count(s.signals), count(s.fills), s.state]))));
  }
  if (r.denials.length) root.append(section('Denied by the gate', '', table(['Reason', 'Orders'], r.denials.map((d) => [d.reason, count(d.count)]))));

  if (r.trial_sharpes.length > 1) {
    const low = Math.min(...r.trial_sharpes), high = Math.max(...r.trial_sharpes), wide = high - low || 1;
    root.append(section('All trials', `Sharpe of every configuration tried on this data, ${number(low)} to ${number(high)}`,
      make('div', {class: 'trials'}, ...r.trial_sharpes.map((s, i) => make('i', {class: i + 1 === e.trial ? 'this' : '', title: number(s),
        style: `left:calc(${(98 * (s - low) / wide).toFixed(2)}%)`})))));
  }

  if (r.grid.cells.length) {
    const g = r.grid, rising = (values) => [...new Set(values)].sort((a, b) => a - b);
    const xs = rising(g.cells.map((c) => c.x)), ys = rising(g.cells.map((c) => c.y));
    const most = Math.max(...g.cells.map((c) => Math.abs(c.sharpe)), 1e-9);
    const cellAt = (x, y) => g.cells.find((c) => c.x === x && c.y === y);
    const paint = (c) => `background:color-mix(in srgb, var(${c.sharpe < 0 ? '--bad' : '--good'}) ${Math.round(70 * Math.abs(c.sharpe) / most)}%, transparent)`;
    const map = make('table', {class: 'heat grid'},
      make('thead', {}, make('tr', {}, ...[g.y ? `${g.y} \u2193` : '', ...xs.map(String)].map((h) => make('th', {}, h)))),
      make('tbody', {}, ...ys.map((y) => make('tr', {}, make('td', {}, g.y ? String(y) : 'Sharpe'),
        ...xs.map((x) => { const c = cellAt(x, y); return c ? make('td', {style: paint(c), class: c.chosen ? 'chosen' : '', title: `total ${percent(c.total)}`}, number(c.sharpe)) : make('td', {}, ''); })))));
    root.append(section('Parameters around these', `net Sharpe by ${g.x} \u2192${g.others.length ? ', mean over ' + g.others.join(', ') : ''}; the frame is this report`,
      make('div', {class: 'scroll'}, map)));
  }

  const shade = (share, most) => share === null ? '' : `background:color-mix(in srgb, var(${share < 0 ? '--bad' : '--good'}) ${Math.round(70 * Math.min(1, Math.abs(share) / most))}%, transparent)`;
  if (r.years >= 0.5) {
    const years = [...new Set(r.months.map((m) => m.year))];
    const months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    const most = Math.max(...r.months.filter((m) => m.month).map((m) => Math.abs(m.share)), 1e-9);
    const find = (y, m) => r.months.find((x) => x.year === y && x.month === m);
    const heat = make('table', {class: 'heat'},
      make('thead', {}, make('tr', {}, ...['', ...'JFMAMJJASOND', 'Year'].map((h) => make('th', {}, h)))),
      make('tbody', {}, ...years.map((y) => make('tr', {}, make('td', {}, String(y)),
        ...months.map((m) => { const cell = find(y, m); return make('td', {style: cell ? shade(cell.share, most) : ''}, cell ? number(100 * cell.share, 1) : ''); }),
        make('td', {}, make('b', {}, number(100 * (find(y, 0)?.share ?? 0), 1)))))));
    root.append(section('Monthly returns', '% net', heat));
  }
  const days = r.daily.slice(0, r.years >= 0.5 ? 10 : 260);
  root.append(section(r.years >= 0.5 ? 'Worst days' : 'Days, worst first', '', table(['Date', 'Net', 'Share', 'Deepest', 'Commissions', 'Fills'],
    days.map((d) => [d.date, number(d.profit), percent(d.share), percent(d.drawdown), number(d.commissions), count(d.fills)]))));

  if (r.fills.length) {
    root.append(section('Fills', r.fills_total > r.fills.length ? `the last ${count(r.fills.length)} of ${count(r.fills_total)}` : count(r.fills_total),
      make('div', {class: 'scroll'}, table(['Time, UTC', 'Symbol', 'Side', 'Purpose', 'Strategy', 'Quantity', 'Price', 'Slippage, bp', 'Realized'],
        r.fills.slice().reverse().map((f) => [f.at.replace('T', ' ').replace('Z', '').slice(0, 23), f.symbol, f.side, f.purpose, f.strategy,
          number(f.quantity, f.quantity % 1 ? 6 : 0), number(f.price, f.price < 10 ? 4 : 2), number(f.slippage_bp, 1), number(f.realized)]), 5))));
  }
  root.append(section('Read this too', '', make('ul', {}, ...r.caveats.map((text) => make('li', {}, text)))),
    make('footer', {}, `config ${r.config} · data ${r.data} · commands ${r.commands} · ${count(r.events)} events · ${count(r.n)} returns of ${r.period}, ${count(r.periods_per_year)} a year`));
})();
