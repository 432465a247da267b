#include "apps/journal_to_store.hpp"

#include "apps/journal_rows.hpp"

namespace robo::apps {

Result<StoredJournal, Problem> store_journal(const std::filesystem::path& folder, const std::filesystem::path& root, const store::Calendars& calendars) {
  auto reader = journal::Reader::open(folder);
  if (!reader) return fail(reader.error());
  StoredJournal result{.session = reader->session()};
  store::StoreWriter writer(root, store::WriterKind::Import, source_of(result.session, folder));
  JournalRows rows(writer, calendars);
  for (journal::Record record; reader->next(record);) rows.take(record);
  result.market_rows = rows.market_rows();
  result.facts = rows.facts();
  result.passed_over = rows.passed_over();
  if (reader->ending() != journal::Ending::Clean) result.ending = reader->ending_text();
  auto written = writer.finish();
  if (!written) return fail(written.error());
  result.written = *written;
  return result;
}

}  // namespace robo::apps
