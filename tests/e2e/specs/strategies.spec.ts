import { ask, expect, test } from '../support/desk.ts';

interface Strategy {
  name: string;
  title: string;
  state: string;
  parameters: {
    name: string;
    value: number;
    min: number;
    max: number;
    step: number;
    fixed: boolean;
  }[];
}

async function stateOf(page: Parameters<typeof ask>[0], name: string): Promise<string> {
  return (await ask<Strategy[]>(page, '/strategies')).find((row) => row.name === name)?.state ?? 'gone';
}

async function valueOf(
  page: Parameters<typeof ask>[0],
  strategy: string,
  parameter: string,
): Promise<number | undefined> {
  const row = (await ask<Strategy[]>(page, '/strategies')).find((entry) => entry.name === strategy);
  return row?.parameters.find((entry) => entry.name === parameter)?.value;
}

test('a strategy is paused and started from its switch', async ({ desk }) => {
  const [strategy] = (await ask<Strategy[]>(desk, '/strategies')).filter(
    (row) => row.state === 'running' || row.state === 'warming',
  );
  if (!strategy) throw new Error('the demo runs no strategy');
  const state = desk.getByTestId(`state-${strategy.name}`);
  await desk.getByTestId(`switch-${strategy.name}`).click();
  await expect(state).toHaveText('Paused');
  await expect.poll(() => stateOf(desk, strategy.name)).toBe('paused');
  await desk.getByTestId(`switch-${strategy.name}`).click();
  await expect(state).toHaveText(/Running|Warming up/);
  await expect.poll(() => stateOf(desk, strategy.name)).toMatch(/running|warming/);
});

test('a strategy is stopped and started from its dialog', async ({ desk }) => {
  const [strategy] = (await ask<Strategy[]>(desk, '/strategies')).filter(
    (row) => row.state === 'running' || row.state === 'warming',
  );
  if (!strategy) throw new Error('the demo runs no strategy');
  await desk.getByTestId(`strategy-${strategy.name}`).getByRole('button', { name: strategy.title }).click();
  await desk.getByTestId('strategy-stop').click();
  await expect(desk.getByTestId(`state-${strategy.name}`)).toHaveText('Off');
  await desk.getByTestId('strategy-start').click();
  await expect(desk.getByTestId(`state-${strategy.name}`)).toHaveText(/Running|Warming up/);
});

test('a parameter is changed while the strategy runs, after its difference was read', async ({ desk }) => {
  const strategies = await ask<Strategy[]>(desk, '/strategies');
  const strategy = strategies.find((row) => row.parameters.some((entry) => !entry.fixed));
  const parameter = strategy?.parameters.find((entry) => !entry.fixed);
  if (!strategy || !parameter) throw new Error('no strategy has parameters');
  const step = parameter.step > 0 ? parameter.step : (parameter.max - parameter.min) / 10;
  const up = parameter.value + step <= parameter.max;
  const wanted = Math.round((parameter.value + (up ? step : -step)) * 1e6) / 1e6;

  await desk.getByTestId(`strategy-${strategy.name}`).getByRole('button', { name: strategy.title }).click();
  const field = desk.getByTestId(`parameter-${parameter.name}`);
  await field.fill(String(parameter.max + 1));
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(desk.getByTestId('parameters-review')).toBeDisabled();

  await field.fill(String(wanted));
  await desk.getByTestId('parameters-review').click();
  await expect(desk.getByTestId('parameters-diff')).toContainText(parameter.name);
  expect(await valueOf(desk, strategy.name, parameter.name)).toBe(parameter.value);

  await desk.getByTestId('parameters-apply').click();
  await expect(desk.getByTestId(`parameter-${parameter.name}`)).toHaveValue(String(wanted));
  await expect.poll(() => valueOf(desk, strategy.name, parameter.name)).toBeCloseTo(wanted, 6);
});
