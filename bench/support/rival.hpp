#pragma once
// A rival that lives in a process of its own: one line in, one line out, so that its runs can be interleaved with ours.

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

namespace robo::bench {

class Rival {
 public:
  /// Starts `python3 script args...` with the packages of build/deps/bench (or ROBO_BENCH_PYTHONPATH).
  Rival(const std::string& script, const std::vector<std::string>& args) {
    int in[2], out[2];
    if (::pipe(in) != 0 || ::pipe(out) != 0) return;
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      for (const int fd : {in[0], in[1], out[0], out[1]}) ::close(fd);
      const char* chosen = ::getenv("ROBO_BENCH_PYTHONPATH");
      const std::string path = chosen ? chosen : std::string(ROBO_SOURCE_DIR) + "/build/deps/bench";
      ::setenv("PYTHONPATH", path.c_str(), 1);
      std::vector<std::string> words{"python3", script};
      words.insert(words.end(), args.begin(), args.end());
      std::vector<char*> argv;
      for (auto& word : words) argv.push_back(word.data());
      argv.push_back(nullptr);
      ::execvp("python3", argv.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = ::fdopen(in[1], "w");
    from_ = ::fdopen(out[0], "r");
  }
  ~Rival() {
    if (to_) std::fclose(to_);
    if (from_) std::fclose(from_);
    if (child_ > 0) ::waitpid(child_, nullptr, 0);
  }
  Rival(const Rival&) = delete;
  Rival& operator=(const Rival&) = delete;

  /// The next line it says; empty when it is gone.
  std::string hear() {
    std::string line;
    for (int c = 0; from_ && (c = std::fgetc(from_)) != EOF && c != '\n';) line += static_cast<char>(c);
    return line;
  }
  std::string ask(const char* question) {
    if (!to_ || std::fprintf(to_, "%s\n", question) < 0 || std::fflush(to_) != 0) return {};
    return hear();
  }

 private:
  pid_t child_ = -1;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
};

/// Largest resident memory of this process so far, MB.
inline double peak_memory_mb() {
  double kb = 0;
  if (std::FILE* status = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (std::fgets(line, sizeof line, status))
      if (std::sscanf(line, "VmHWM: %lf", &kb) == 1) break;
    std::fclose(status);
  }
  return kb / 1024;
}

}  // namespace robo::bench
