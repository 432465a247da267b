#pragma once
// Server versions (docs/ib.md, Server versions): text up to 200, messages mixed from 201 to 212, protobuf alone from 213 on.

namespace robo::ib::wire {

inline constexpr int version_oldest = 100;
inline constexpr int version_newest_text = 200;
inline constexpr int version_oldest_protobuf = 213;  // from here on no request is text any more
inline constexpr int version_newest = 226;

/// Text for some messages and protobuf for others.
constexpr bool is_mixed(int version) { return version > version_newest_text && version < version_oldest_protobuf; }

}  // namespace robo::ib::wire
