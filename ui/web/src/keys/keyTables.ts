export interface KeyTable {
  title: string;
  keys: readonly { keys: readonly string[]; does: string }[];
}

/** What `?` shows. Each entry has its handler in shell/keys.ts or in the panel of that name. */
export const keyTables: readonly KeyTable[] = [
  {
    title: 'Everywhere',
    keys: [
      { keys: ['Shift Esc'], does: 'KILL' },
      { keys: ['Ctrl K', 'G'], does: 'go to a name, or type a command' },
      { keys: ['Ctrl Z'], does: 'take back a command within 3 s' },
      { keys: ['1', '2'], does: 'workspace' },
      { keys: ['F6', 'Shift F6'], does: 'next, previous panel' },
      { keys: ['M'], does: 'maximise the panel' },
      { keys: ['Shift L', 'Shift R'], does: 'layouts, back to the first layout' },
      { keys: ['Shift C'], does: 'cancel all orders' },
      { keys: ['Shift P'], does: 'pause all strategies' },
      { keys: ['T', 'Shift T'], does: 'theme, colour pair' },
      { keys: ['Esc'], does: 'close, cancel a hold' },
    ],
  },
  {
    title: 'Lists',
    keys: [
      { keys: ['↑', '↓'], does: 'row above, row below' },
      { keys: ['Home', 'End', 'PgUp', 'PgDn'], does: 'far moves' },
      { keys: ['Enter'], does: 'open' },
    ],
  },
  {
    title: 'Chart',
    keys: [
      { keys: ['[', ']'], does: 'shorter, longer bars' },
      { keys: ['.'], does: 'to the latest bar' },
      { keys: ['L'], does: 'logarithmic prices' },
    ],
  },
  {
    title: 'Depth',
    keys: [
      { keys: ['Space'], does: 'recentre' },
      { keys: ['Right click'], does: 'cancel ours at the price, while clicks are on' },
    ],
  },
  { title: 'Trades', keys: [{ keys: ['P'], does: 'pause, go on' }] },
  { title: 'Positions', keys: [{ keys: ['X'], does: 'close the position' }] },
  {
    title: 'Orders and fills',
    keys: [
      { keys: ['C'], does: 'cancel the order' },
      { keys: ['Q'], does: 'ask IB about the order' },
      { keys: ['W', 'Enter'], does: 'why this order' },
    ],
  },
  {
    title: 'Strategies',
    keys: [
      { keys: ['Space'], does: 'start or pause' },
      { keys: ['Enter'], does: 'parameters' },
    ],
  },
  { title: 'Limits', keys: [{ keys: ['E', 'Enter'], does: 'change the limit' }] },
  { title: 'Events', keys: [{ keys: ['/'], does: 'search' }] },
];
