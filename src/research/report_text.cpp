#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "research/report.hpp"

namespace robo::research {
namespace {

enum class Tone { Plain, Dim, Good, Bad, Strong };

class Page {
 public:
  explicit Page(bool colour) : colour_(colour) {}
  void line(std::string_view text = {}) { text_ += fmt::format("{}{}\n", text.empty() ? "" : "  ", text); }
  void heading(std::string_view text) {
    line();
    line(paint(Tone::Strong, text));
  }
  std::string paint(Tone tone, std::string_view text) const {
    if (!colour_ || tone == Tone::Plain) return std::string(text);
    const char* code = tone == Tone::Dim ? "2" : tone == Tone::Good ? "32" : tone == Tone::Bad ? "31" : "1";
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
  }
  void begin(std::string_view text) { text_ += paint(Tone::Strong, text) + "\n"; }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  bool colour_;
  std::string text_;
};

/// What is seen: UTF-8 continuation bytes take no room.
int width(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
std::string left(std::string_view text, int columns) { return fmt::format("{}{:{}}", text, "", std::max(0, columns - width(text))); }
std::string right(std::string_view text, int columns) { return fmt::format("{:{}}{}", "", std::max(0, columns - width(text)), text); }

std::string minus(const std::string& text) {
  return !text.empty() && text.front() == '-' ? fmt::format("\u2212{}", text.substr(1)) : text;
}
std::string number(double value, int decimals) {
  if (!std::isfinite(value)) return "\u2013";
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find_first_not_of("-0.") == std::string::npos && text.front() == '-') text.erase(0, 1);
  return minus(text);
}
std::string percent(double share, int decimals = 2) { return number(100 * share, decimals) + " %"; }
/// 1004710.03 -> 1,004,710.03
std::string grouped(std::string_view digits) {
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i < whole && (whole - i) % 3 == 0) out.push_back(',');
    out.push_back(digits[i]);
  }
  return out;
}
std::string money(double value) { return fmt::format("{}{}", value < -0.005 ? "\u2212" : "", grouped(fmt::format("{:.2f}", std::abs(value)))); }
std::string count(std::uint64_t n) { return grouped(fmt::format("{}", n)); }
std::string span(double s) {
  if (s < 120) return fmt::format("{:.0f} s", s);
  if (s < 7200) return fmt::format("{:.0f} min", s / 60);
  return s < 172'800 ? fmt::format("{:.1f} h", s / 3600) : fmt::format("{:.1f} days", s / 86'400);
}

void against_baselines(Page& page, const Report& r) {
  page.line();
  constexpr int label = 18, column = 18;
  std::string head(label, ' ');
  for (const ReportSeries& s : r.series) head += right(s.name.size() > 16 ? s.name.substr(0, 16) : s.name, column);
  page.line(page.paint(Tone::Dim, head));
  const auto row = [&](std::string_view name, const std::function<std::string(const ReportSeries&)>& cell) {
    std::string text = left(name, label);
    for (const ReportSeries& s : r.series) text += right(cell(s), column);
    page.line(text);
  };
  const bool long_enough = r.years >= 0.5;
  row("total return", [](const ReportSeries& s) { return percent(s.total); });
  if (long_enough) row("CAGR", [](const ReportSeries& s) { return percent(s.growth); });
  row("volatility, year", [](const ReportSeries& s) { return percent(s.volatility, 1); });
  row("Sharpe, net", [](const ReportSeries& s) { return number(s.sharpe, 2); });
  row("Sortino", [](const ReportSeries& s) { return number(s.sortino, 2); });
  if (long_enough) row("Calmar", [](const ReportSeries& s) { return number(s.calmar, 2); });
  row("largest drawdown", [](const ReportSeries& s) { return percent(s.drawdown); });
  row("worst " + r.period, [](const ReportSeries& s) { return percent(s.worst); });
  row("VaR / ES 95 %", [](const ReportSeries& s) { return number(100 * s.var95, 2) + " / " + percent(s.es95); });
  row("skew / kurtosis", [](const ReportSeries& s) { return number(s.skew, 1) + " / " + number(s.kurtosis, 1); });
}

void targets(Page& page, const Report& r) {
  page.line();
  page.line(page.paint(Tone::Dim, left("target", 34) + right("result", 10) + "   " + left("", 30) + "status"));
  for (const ReportTarget& t : r.targets) {
    const Tone tone = t.status == Verdict::Met ? Tone::Good : t.status == Verdict::NotMet ? Tone::Bad : Tone::Dim;
    page.line(left(fmt::format("{} {}", t.name, t.target), 34) + right(minus(t.result), 10) + "   " + left(t.detail, 30) +
              page.paint(tone, robo::to_text(t.status)));
  }
}

}  // namespace

std::string to_text(const Report& r, bool colour) {
  Page page(colour);
  page.begin(fmt::format("{}  {} to {}  {} day{}  {} symbol{}  trial {} of {}", r.title, r.from.substr(0, 10), r.to.substr(0, 10), r.days,
                         r.days == 1 ? "" : "s", r.symbols.size(), r.symbols.size() == 1 ? "" : "s", r.evidence.trial, r.evidence.trials));
  if (!r.data_note.empty()) page.line(page.paint(Tone::Dim, r.data_note));
  against_baselines(page, r);
  targets(page, r);
  page.line();
  const Tone tone = r.verdict == Verdict::Met ? Tone::Good : r.verdict == Verdict::NotMet ? Tone::Bad : Tone::Strong;
  page.line(page.paint(tone, r.verdict_line));
  page.line(r.sentence);

  page.heading("money");
  const ReportCosts& c = r.costs;
  page.line(left("equity", 22) + right(money(r.start_equity), 16) + "  to " + money(r.end_equity));
  page.line(left("before commissions", 22) + right(money(c.gross_profit), 16));
  page.line(left("commissions", 22) + right(money(-c.commissions), 16) + fmt::format("  {} bp of {} traded", number(c.commission_bp, 2), money(c.traded)));
  page.line(left("net", 22) + right(money(c.net_profit), 16));
  page.line(left("slippage, in the above", 22) + right(money(-c.slippage), 16) + fmt::format("  {} bp against the mid when it was decided", number(c.slippage_bp, 2)));
  page.line(left("exposure", 22) + right(percent(c.exposure, 1), 16) + fmt::format("  a position {} of the time, turnover {} x a year", percent(c.in_market, 0), number(c.turnover_year, 1)));

  page.heading("trades");
  const ReportTrades& t = r.trades;
  page.line(fmt::format("{} orders, {} changed, {} cancelled, {} rejected; {} fills, {} round trips", count(t.orders), count(t.modifications),
                        count(t.cancellations), count(t.rejections), count(t.fills), count(t.round_trips)));
  if (t.round_trips > 0)
    page.line(fmt::format("{} won, profit factor {}, average win {}, loss {}, held {}", percent(t.hit_rate, 1),
                          t.profit_factor > 0 ? number(t.profit_factor, 2) : "\u2013", money(t.average_win), money(t.average_loss), span(t.hold_s)));
  for (const ReportDenial& d : r.denials) page.line(fmt::format("denied by the gate: {} x {}", count(d.count), d.reason));

  if (!r.strategies.empty()) {
    page.heading("strategies");
    page.line(page.paint(Tone::Dim, left("", 20) + right("net", 14) + right("commissions", 14) + right("weight", 9) + right("signals", 10) + right("fills", 8) + "  state"));
    for (const ReportStrategy& s : r.strategies)
      page.line(left(s.name, 20) + right(money(s.profit), 14) + right(money(s.commissions), 14) + right(number(s.weight, 2), 9) +
                right(count(s.signals), 10) + right(count(s.fills), 8) + "  " + s.state);
  }

  page.heading("does it hold");
  std::string bp = left("cost per side, bp", 26), sharpes = left("Sharpe", 26), lags = left("positions later by", 26), lagged = left("Sharpe before costs", 26);
  for (const ReportStep& s : r.cost_ladder) bp += right(number(s.at, 0), 9), sharpes += right(number(s.sharpe, 2), 9);
  for (const ReportStep& s : r.lag_test) lags += right(number(s.at, 0), 9), lagged += right(number(s.sharpe, 2), 9);
  page.line(page.paint(Tone::Dim, bp));
  page.line(sharpes);
  page.line(page.paint(Tone::Dim, lags + (r.period == "day" ? "  samples" : "  x " + r.period)));
  page.line(lagged);
  if (r.noise.draws > 0)
    page.line(fmt::format("fills moved within their spread: Sharpe {} to {} in 90 % of {} draws, {} of them lose", number(r.noise.sharpe_low, 2),
                          number(r.noise.sharpe_high, 2), r.noise.draws, percent(r.noise.losing, 0)));
  const ReportEvidence& e = r.evidence;
  page.line(fmt::format("interval {} to {} by {} resampled histories, {} to {} by Lo; autocorrelation corrected {}", number(e.sharpe_low, 2),
                        number(e.sharpe_high, 2), e.histories, number(e.sharpe_lo_low, 2), number(e.sharpe_lo_high, 2), number(e.sharpe_autocorrelation, 2)));
  page.line(fmt::format("P(Sharpe > 0) {}, deflated {} for {} trial{} ({} independent)", number(e.probabilistic, 3), number(e.deflated, 3), e.trials,
                        e.trials == 1 ? "" : "s", number(e.trials_effective, 1)));

  if (!r.daily.empty()) {
    page.heading(r.daily.size() > 8 ? "worst days" : "days, worst first");
    for (std::size_t i = 0; i < std::min<std::size_t>(8, r.daily.size()); ++i) {
      const ReportDay& d = r.daily[i];
      page.line(left(d.date, 14) + right(money(d.profit), 14) + right(percent(d.share), 10) + right(percent(d.drawdown), 10) + " deepest" +
                right(count(d.fills), 7) + " fills");
    }
  }
  page.line();
  for (const std::string& caveat : r.caveats) page.line(page.paint(Tone::Dim, caveat));
  page.line(page.paint(Tone::Dim, fmt::format("config {}  data {}  commands {}", r.config, r.data, r.commands)));
  return page.take();
}

}  // namespace robo::research
