#pragma once
// A scripted conversation between the client and a gateway, over a real socket, as text a trader can read:
//
//   mode paper                          settings, before anything else (mode, account, armed, heartbeat 30s, rate 45, ...)
//   want AAPL conId=265598              an instrument, its streams: quotes trades tick_quotes depth=5 bars
//   hello 207                           connection and handshake up to that version, nothing else
//   greet                               connection, handshake, startApi, managedAccounts, nextValidId
//   reconciled                          every request of the reconciliation is answered with nothing
//   < placeOrder action=BUY             the next request of the client, with these fields
//   <~ reqPositions                     the same, other requests before it are passed over
//   < nothing                           the client has asked for nothing more
//   > orderStatus orderId=501 ...       the gateway says this (fields not named are empty or zero)
//   >raw 1|6|x|                         these bytes in a frame, | for NUL
//   = OrderUpdate state=submitted       the next event of this kind for the kernel, with these fields
//   = no OrderUpdate                    no further event of this kind
//   ! submit 7 buy 100 AAPL limit 150.25     a command of the kernel (modify, cancel 7, cancel_all, query 7, reconcile 3)
//   wait 31s                            time passes
//   close | closed                      the gateway hangs up | the client has hung up
//   restart client                      the engine was killed and comes back, with the same folder
//   $r                                  in a value: the request id of the last request seen
//
// Lines that begin with # are remarks.

#include <filesystem>
#include <string>

namespace robo::ib {

/// Plays one file; every broken expectation is a test failure naming file and line.
/// `version`: the server version of a scene that names none; the client offers it.
void play_scene(const std::filesystem::path& file, int version = 200);

}  // namespace robo::ib
