// Whether what this session runs at the moment is the engine's doing: DDL of a run of migrations, or a
// statement of the engine's own. Such DDL is neither logged nor refused.
#pragma once

namespace turnstone::server {

// The engine is at work while one of them lives.
class EngineAtWork {
  public:
    EngineAtWork() { ++depth_; }
    EngineAtWork(const EngineAtWork &) = delete;
    EngineAtWork &operator=(const EngineAtWork &) = delete;
    ~EngineAtWork() { --depth_; }

    [[nodiscard]] static bool now() noexcept { return depth_ > 0; }

  private:
    static inline int depth_ = 0;
};

} // namespace turnstone::server
