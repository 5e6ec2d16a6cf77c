// Server resources that end with a C++ scope. On the way out through an exception they leave to the abort of
// the transaction what it cleans up anyway: after an error, deeper levels may still be open.
#pragma once

#include <exception>

#include "turnstone/server/guard.hpp"

namespace turnstone::server {

// True in a destructor that runs because of an exception thrown since the object was made.
class Unwinding {
  public:
    [[nodiscard]] bool now() const noexcept { return std::uncaught_exceptions() > at_start_; }

  private:
    int at_start_ = std::uncaught_exceptions();
};

// A memory context of its own, current while the scope lives and deleted with it. On the way out through an
// exception it is left to its parent: the abort that follows may still look at what is in it.
class MemoryScope {
  public:
    explicit MemoryScope(MemoryContext parent = CurrentMemoryContext)
        : outer_(CurrentMemoryContext),
          context_(
              pg([&] { return AllocSetContextCreate(parent, "turnstone scope", ALLOCSET_DEFAULT_SIZES); })) {
        MemoryContextSwitchTo(context_);
    }
    MemoryScope(const MemoryScope &) = delete;
    MemoryScope &operator=(const MemoryScope &) = delete;
    ~MemoryScope() {
        MemoryContextSwitchTo(outer_);
        if (!unwinding_.now())
            MemoryContextDelete(context_);
    }

    [[nodiscard]] MemoryContext context() const noexcept { return context_; }

  private:
    Unwinding unwinding_;
    MemoryContext outer_;
    MemoryContext context_;
};

// A subtransaction: rolled back unless commit() was called. An error caught outside of its scope is over and
// done with, and the work may go on.
class SubTransaction {
  public:
    SubTransaction() : context_(CurrentMemoryContext), owner_(CurrentResourceOwner) {
        pg([] { BeginInternalSubTransaction(nullptr); });
        MemoryContextSwitchTo(context_);
    }
    SubTransaction(const SubTransaction &) = delete;
    SubTransaction &operator=(const SubTransaction &) = delete;
    ~SubTransaction() {
        if (!open_)
            return;
        RollbackAndReleaseCurrentSubTransaction();
        leave();
    }

    void commit() {
        pg([] { ReleaseCurrentSubTransaction(); });
        leave();
    }

  private:
    void leave() {
        open_ = false;
        MemoryContextSwitchTo(context_);
        CurrentResourceOwner = owner_;
    }

    MemoryContext context_;
    ResourceOwner owner_;
    bool open_ = true;
};

// Settings that are made inside (also by a script's plain SET) are undone at the end of the scope.
class SettingsScope {
  public:
    SettingsScope() : level_(pg([] { return NewGUCNestLevel(); })) {}
    SettingsScope(const SettingsScope &) = delete;
    SettingsScope &operator=(const SettingsScope &) = delete;
    ~SettingsScope() {
        if (!unwinding_.now())
            AtEOXact_GUC(false, level_);
    }

  private:
    Unwinding unwinding_;
    int level_;
};

} // namespace turnstone::server
