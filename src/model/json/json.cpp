#include <charconv>

#include "model/json/json_of.hpp"

namespace robo::json {
namespace {

/// Digits only, all of them, into `out`.
bool digits(std::string_view text, int& out) {
  if (text.empty()) return false;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  return error == std::errc{} && stop == end && text[0] != '-';
}

bool valid(int year, int month, int day) {
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// Bytes of the UTF-8 character at the start of `text`; 0 when there is none. Overlong forms and surrogates are none.
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const auto second = byte(1);
  const bool wrong = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return wrong ? 0 : size;
}

}  // namespace

bj::string utf8(std::string_view text, const bj::storage_ptr& memory) {
  bj::string out(memory);
  out.reserve(text.size());
  std::size_t good = 0;  // from here to `i` all is well
  for (std::size_t i = 0; i < text.size();) {
    const auto size = character(text.substr(i));
    if (size != 0) {
      i += size;
      continue;
    }
    out.append(text.substr(good, i - good));
    out.append("\xef\xbf\xbd");
    good = ++i;
  }
  out.append(text.substr(good));
  return out;
}

bool read_date(std::string_view text, Date& out) {
  int year = 0, month = 0, day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  if (!digits(text.substr(0, 4), year) || !digits(text.substr(5, 2), month) || !digits(text.substr(8, 2), day)) return false;
  if (!valid(year, month, day)) return false;
  out = date_of(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
  return true;
}

bool read_timestamp(std::string_view text, Timestamp& out) {
  Date date;
  int hour = 0, minute = 0, second = 0;
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text.back() != 'Z') return false;
  if (!read_date(text.substr(0, 10), date)) return false;
  if (!digits(text.substr(11, 2), hour) || !digits(text.substr(14, 2), minute) || !digits(text.substr(17, 2), second)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  if (date.days < -106'000 || date.days > 106'000) return false;  // what 64 bits of nanoseconds hold
  int fraction = 0;
  if (const auto rest = text.substr(19, text.size() - 20); !rest.empty()) {
    if (rest[0] != '.' || rest.size() < 2 || rest.size() > 10 || !digits(rest.substr(1), fraction)) return false;
    for (auto n = rest.size(); n < 10; ++n) fraction *= 10;
  }
  const std::int64_t seconds_of_day = hour * 3600 + minute * 60 + second;
  out = Timestamp{(std::int64_t{date.days} * 86'400 + seconds_of_day) * 1'000'000'000 + fraction};
  return true;
}

std::string plain_number(const bj::value& number) {
  if (number.is_int64()) return std::to_string(number.get_int64());
  if (number.is_uint64()) return std::to_string(number.get_uint64());
  char text[400];
  const auto [end, error] = std::to_chars(std::begin(text), std::end(text), number.get_double(), std::chars_format::fixed);
  return error == std::errc{} ? std::string(text, end) : std::string();
}

Result<bj::value, std::vector<Problem>> parse(std::string_view text, bj::storage_ptr memory) {
  bj::parse_options options;
  options.max_depth = 32;
  bj::stream_parser parser(memory, options);
  bj::error_code error;
  const auto read = parser.write_some(text, error);
  if (!error) parser.finish(error);
  if (!error && read < text.size() && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) error = bj::error::extra_data;
  if (error) return fail(std::vector<Problem>{{"is not JSON: " + error.message() + " at byte " + std::to_string(read)}});
  return parser.release();
}

}  // namespace robo::json
