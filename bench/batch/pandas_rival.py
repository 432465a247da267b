"""The features of bench/batch the way a researcher writes them with NumPy and pandas: FILE ROWS. One line in, one line out:
"run" -> milliseconds of the whole set, "write PATH" -> the columns as doubles, one after the other."""

import sys
import time

import numpy as np
import pandas as pd


def wilder(x: np.ndarray, n: int, skip: int) -> np.ndarray:
    """Wilder's average of x[skip:], begun with the mean of its first n; NaN before."""
    return seeded(x, n, skip, 1 / n)


def seeded(x: np.ndarray, n: int, skip: int, alpha: float) -> np.ndarray:
    out = np.full(len(x), np.nan)
    tail = x[skip + n - 1 :].copy()
    tail[0] = x[skip : skip + n].mean()
    out[skip + n - 1 :] = pd.Series(tail).ewm(alpha=alpha, adjust=False).mean().to_numpy()
    return out


def features(day: np.ndarray, high: np.ndarray, low: np.ndarray, close: np.ndarray, volume: np.ndarray, other: np.ndarray) -> dict[str, np.ndarray]:
    out: dict[str, np.ndarray] = {}
    c, h, lo, v = pd.Series(close), pd.Series(high), pd.Series(low), pd.Series(volume)
    out["ema"] = seeded(close, 20, 0, 2 / 21)

    change = np.diff(close, prepend=np.nan)
    gain, loss = wilder(np.maximum(change, 0), 14, 1), wilder(np.maximum(-change, 0), 14, 1)
    out["rsi"] = 100 * gain / (gain + loss)

    slow, fast = seeded(close, 26, 0, 2 / 27), seeded(close, 12, 14, 2 / 13)
    macd = fast - slow
    out["macd_signal"] = seeded(macd, 9, 25, 2 / 10)
    out["macd"] = np.where(np.isnan(out["macd_signal"]), np.nan, macd)
    out["macd_histogram"] = macd - out["macd_signal"]

    before = np.roll(close, 1)
    true_range = np.maximum(high, before) - np.minimum(low, before)
    out["atr"] = wilder(true_range, 14, 1)

    up, down = np.diff(high, prepend=np.nan), -np.diff(low, prepend=np.nan)
    plus, minus = np.where((up > down) & (up > 0), up, 0.0), np.where((down > up) & (down > 0), down, 0.0)

    def smooth(x: np.ndarray) -> np.ndarray:  # the sum of the first 13, then s - s/14 + x
        tail = x[13:].copy()
        tail[0] = x[1:14].sum() / 14
        result = np.full(len(x), np.nan)
        result[13:] = pd.Series(tail).ewm(alpha=1 / 14, adjust=False).mean().to_numpy()
        result[13] = np.nan
        return result

    ranges, p, m = smooth(true_range), smooth(plus), smooth(minus)
    out["plus_di"], out["minus_di"] = 100 * p / ranges, 100 * m / ranges
    out["adx"] = wilder(100 * np.abs(p - m) / (p + m), 14, 14)

    window = c.rolling(20)
    mean, deviation = window.mean(), window.std(ddof=0)
    out["bollinger_mid"] = mean.to_numpy()
    out["bollinger_upper"], out["bollinger_lower"] = (mean + 2 * deviation).to_numpy(), (mean - 2 * deviation).to_numpy()
    out["bollinger_z"] = ((c - mean) / deviation).to_numpy()

    log = np.log(close)
    returns = pd.Series(np.diff(log, prepend=np.nan))
    out["tick_return"] = returns.to_numpy()
    within = np.diff(day, prepend=day[0]) == 0  # a night is no return of a minute
    squares = (returns**2)[within].rolling(20).mean()
    out["realized_volatility"] = np.sqrt(squares.reindex(returns.index).ffill().to_numpy())

    past = v.rolling(20)
    out["volume_z"] = ((v - past.mean().shift(1)) / past.std(ddof=0).shift(1)).to_numpy()

    top, bottom = h.rolling(20).max(), lo.rolling(20).min()
    out["donchian_high"], out["donchian_low"] = top.to_numpy(), bottom.to_numpy()
    above, below = (c > top.shift(1)).to_numpy(), (c < bottom.shift(1)).to_numpy()
    out["breakout"] = np.where(np.isnan(top.shift(1).to_numpy()), np.nan, above.astype(float) - below.astype(float))

    walked = np.abs(pd.Series(np.diff(close, prepend=np.nan))).rolling(10).sum()
    out["efficiency_ratio"] = (np.abs(c - c.shift(10)) / walked).to_numpy()

    x, y = pd.Series(np.log(other)), pd.Series(log)
    out["pair_correlation"] = x.diff().rolling(60).corr(y.diff()).to_numpy()
    out["pair_beta"] = (x.rolling(60).cov(y, ddof=0) / x.rolling(60).var(ddof=0)).to_numpy()

    above_first = close - c.groupby(day).transform("first").to_numpy()  # shifted: no difference of large sums
    sums = pd.DataFrame({"v": volume, "pv": above_first * volume, "ppv": above_first**2 * volume}).groupby(day).cumsum().to_numpy()
    shifted = sums[:, 1] / sums[:, 0]
    spread = np.sqrt(np.maximum(sums[:, 2] / sums[:, 0] - shifted**2, 0))
    vwap = close - above_first + shifted
    out["session_vwap"], out["session_vwap_upper"], out["session_vwap_lower"] = vwap, vwap + 2 * spread, vwap - 2 * spread
    return out


names = ["day", "high", "low", "close", "volume", "other"]
table = np.fromfile(sys.argv[1]).reshape(len(names), int(sys.argv[2]))
columns = dict(zip(names, table, strict=True))
print(f"numpy {np.__version__}, pandas {pd.__version__}", flush=True)
for line in sys.stdin:
    command, _, path = line.strip().partition(" ")
    begun = time.perf_counter()
    result = features(**columns)
    spent = time.perf_counter() - begun
    if command == "write":
        with open(path, "wb") as file:
            for column in result.values():
                file.write(np.ascontiguousarray(column, dtype=float).tobytes())
        print(" ".join(result), flush=True)
    else:
        print(f"{spent * 1e3:.3f}", flush=True)
