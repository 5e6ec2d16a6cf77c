// Owns the log of touched objects and the two hooks that fill it.
#include "turnstone/server/touched.hpp"

#include <algorithm>

#include "turnstone/server/touch_rules.hpp"

namespace turnstone::server {

namespace {

TouchLog *log_of_run = nullptr; // there is one run at a time in a session (RunInProgress)
bool in_statement = false;      // of that run

object_access_hook_type next_object_access = nullptr;
ProcessUtility_hook_type next_utility = nullptr;

TouchLog *noting() noexcept {
    return in_statement ? log_of_run : nullptr;
}

void note_setting(TouchLog &log, Oid database, Oid role) {
    if (OidIsValid(role))
        log.add({DbRoleSettingRelationId, role, 0}, TouchKind::altered, "settings");
    else
        log.add({DatabaseRelationId, database, 0}, TouchKind::altered, "settings");
}

// Only memory is written here: the object may be half made.
void note_access(TouchLog &log, ObjectAccessType access, TouchedObject what, const void *argument) {
    switch (access) {
    case OAT_POST_CREATE:
        if (what.catalog == AttrDefaultRelationId) // named by its column
            log.add({RelationRelationId, what.object, what.sub}, TouchKind::altered, "default");
        else if (static_cast<const ObjectAccessPostCreate *>(argument)->is_internal &&
                 (what.catalog == RelationRelationId || what.catalog == ConstraintRelationId) &&
                 what.sub == 0)
            log.add(what, TouchKind::rebuilt);
        else
            log.add(what, TouchKind::created);
        return;
    case OAT_POST_ALTER:
        // These two name the object that the row is about.
        if (what.catalog == InheritsRelationId || what.catalog == IndexRelationId)
            what.catalog = RelationRelationId;
        else if (what.catalog == TSConfigMapRelationId)
            what.catalog = TSConfigRelationId;
        if (what.catalog == DbRoleSettingRelationId)
            return note_setting(log, what.object,
                                static_cast<const ObjectAccessPostAlter *>(argument)->auxiliary_id);
        log.add(what, TouchKind::altered);
        return;
    case OAT_DROP:
        log.add(what, TouchKind::dropped);
        return;
    default:
        return;
    }
}

void on_object_access(ObjectAccessType access, Oid catalog, Oid object, int sub, void *argument) {
    if (next_object_access != nullptr)
        next_object_access(access, catalog, object, sub, argument);
    TouchLog *log = noting();
    if (log == nullptr)
        return;
    (void)entry([&] {
        note_access(*log, access, {catalog, object, sub}, argument);
        return static_cast<Datum>(0);
    });
}

// Sees each utility statement, also those inside of functions and DO blocks.
void on_utility(PlannedStmt *planned, const char *source, bool read_only_tree, ProcessUtilityContext context,
                ParamListInfo parameters, QueryEnvironment *environment, DestReceiver *destination,
                QueryCompletion *completion) {
    const auto next = next_utility != nullptr ? next_utility : standard_ProcessUtility;
    TouchLog *log = noting();
    // Asked before: a statement that commits on its way may leave nothing of its tree.
    const bool has_rule = log != nullptr && has_touch_rule(planned->utilityStmt);
    if (has_rule)
        (void)entry([&] {
            log->forget_seen(); // all that this statement touches is to be explained
            prepare_statement(planned->utilityStmt, *log);
            return static_cast<Datum>(0);
        });
    const std::size_t begin = has_rule ? log->touches().size() : 0;
    next(planned, source, read_only_tree, context, parameters, environment, destination, completion);
    if (!has_rule || noting() != log)
        return;
    (void)entry([&] {
        note_statement(planned->utilityStmt, *log, std::min(begin, log->touches().size()));
        return static_cast<Datum>(0);
    });
}

void on_transaction_end(XactEvent event, void * /*unused*/) {
    if (log_of_run == nullptr)
        return;
    (void)entry([&] {
        if (event == XACT_EVENT_COMMIT)
            log_of_run->on_commit();
        else if (event == XACT_EVENT_ABORT)
            log_of_run->on_abort();
        return static_cast<Datum>(0);
    });
}

} // namespace

TouchLog::TouchLog() {
    log_of_run = this;
}

TouchLog::~TouchLog() {
    log_of_run = nullptr;
}

std::size_t TouchLog::Hash::operator()(const Touch &touch) const noexcept {
    std::size_t hash = touch.what.catalog;
    for (const auto part :
         {static_cast<std::size_t>(touch.what.object), static_cast<std::size_t>(touch.what.sub),
          static_cast<std::size_t>(touch.property), static_cast<std::size_t>(touch.kind)})
        hash = hash * 0x9e3779b97f4a7c15U + part;
    return hash ^ (hash >> 32U);
}

void TouchLog::begin_statement(const std::string &script, int number) {
    if (scripts_.empty() || scripts_.back().journal_id != 0 || scripts_.back().name != script)
        scripts_.push_back({script});
    statement_ = number;
    forget_seen();
}

void TouchLog::forget_seen() {
    // clear() would go over all the buckets that a large statement has left.
    constexpr std::size_t most_kept_buckets = 1024;
    if (seen_.bucket_count() > most_kept_buckets)
        seen_ = {};
    else
        seen_.clear();
}

void TouchLog::set_journal_row(const std::string &script, std::int64_t journal_id) {
    for (auto own = scripts_.rbegin(); own != scripts_.rend() && own->journal_id == 0; ++own) {
        if (own->name == script)
            own->journal_id = journal_id;
    }
}

std::uint32_t TouchLog::name(std::string_view property) {
    if (property.empty())
        return 0;
    const auto [found, fresh] =
        name_numbers_.try_emplace(std::string(property), static_cast<std::uint32_t>(names_.size()));
    if (fresh)
        names_.emplace_back(property);
    return found->second;
}

void TouchLog::add(const TouchedObject &what, TouchKind kind, std::string_view property) {
    const Touch touch{what, static_cast<std::uint32_t>(scripts_.size() - 1), statement_, name(property),
                      kind};
    if (seen_.insert(touch).second)
        touches_.push_back(touch);
}

void TouchLog::explain(std::size_t touch, const std::vector<std::string> &properties) {
    const TouchedObject what = touches_[touch].what;
    for (const std::string &property : properties) {
        if (is_explained(touch)) {
            add(what, TouchKind::altered, property);
            continue;
        }
        seen_.erase(touches_[touch]);
        touches_[touch].property = name(property);
        seen_.insert(touches_[touch]);
    }
}

void TouchLog::explain_all(std::size_t begin, Oid catalog, const std::vector<std::string> &properties) {
    const std::size_t end = touches_.size();
    for (std::size_t i = begin; i < end; ++i) {
        if (touches_[i].what.catalog == catalog && touches_[i].kind == TouchKind::altered && !is_explained(i))
            explain(i, properties);
    }
}

void TouchLog::note_rebuilt(const std::vector<NamedObject> &objects) {
    for (const NamedObject &object : objects) {
        for (const NamedObject &old : before_rebuild_) {
            if (old.what.catalog == object.what.catalog && old.relation == object.relation &&
                old.name == object.name && !(old.what == object.what))
                successions_.push_back({old.what, object.what, touches_.size()});
        }
    }
    before_rebuild_.clear();
}

void TouchLog::on_commit() {
    committed_ = touches_.size();
    for (auto own = scripts_.rbegin(); own != scripts_.rend() && !own->committed; ++own)
        own->committed = own->journal_id != 0;
}

void TouchLog::on_abort() {
    touches_.resize(committed_);
    std::erase_if(successions_, [&](const Succession &one) { return one.at > committed_; });
    seen_.clear();
    for (auto own = scripts_.rbegin(); own != scripts_.rend() && !own->committed; ++own)
        own->journal_id = 0;
}

NotingTouches::NotingTouches(const std::string &script, int statement) {
    if (log_of_run == nullptr)
        return;
    log_of_run->begin_statement(script, statement);
    in_statement = true;
}

NotingTouches::~NotingTouches() {
    in_statement = false;
}

void touches_belong_to(const std::string &script, std::int64_t journal_id) {
    if (log_of_run != nullptr)
        log_of_run->set_journal_row(script, journal_id);
}

void install_touch_hooks() {
    next_object_access = object_access_hook;
    object_access_hook = on_object_access;
    next_utility = ProcessUtility_hook;
    ProcessUtility_hook = on_utility;
    RegisterXactCallback(on_transaction_end, nullptr);
}

} // namespace turnstone::server
