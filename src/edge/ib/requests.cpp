#include "edge/ib/requests.hpp"

namespace robo::ib {

std::int32_t Requests::question(Timestamp deadline, std::function<void(const Failure&)> failed) {
  const std::int32_t id = stream(Route::Question, {});
  questions_.emplace(id, Question{deadline, std::move(failed)});
  return id;
}

void Requests::forget(std::int32_t id) {
  if (is_ours(id)) routes_[static_cast<std::size_t>(id - first)].kind = Route::None;
  questions_.erase(id);
}

bool Requests::answered(std::int32_t id) {
  if (questions_.erase(id) == 0) return false;
  forget(id);
  return true;
}

bool Requests::failed(std::int32_t id, const Failure& failure) {
  const auto found = questions_.find(id);
  if (found == questions_.end()) return false;
  const auto tell = std::move(found->second.failed);
  forget(id);
  if (tell) tell(failure);
  return true;
}

void Requests::check_deadlines(Timestamp now) {
  std::vector<std::int32_t> late;
  for (const auto& [id, question] : questions_) {
    if (now > question.deadline) late.push_back(id);
  }
  for (const std::int32_t id : late) failed(id, {.text = "no answer in time"});
}

void Requests::all_lost(std::string_view why) {
  std::vector<std::int32_t> waiting;
  for (const auto& [id, question] : questions_) waiting.push_back(id);
  for (const std::int32_t id : waiting) failed(id, {.text = std::string(why)});
  for (Route& route : routes_) route.kind = Route::None;
}

}  // namespace robo::ib
