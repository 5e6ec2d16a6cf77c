// Owns the table of sums a object. Leaf code.
#include "turnstone/server/object_sums.hpp"

namespace turnstone::server {

namespace {

constexpr std::uint32_t first_room = 1 << 14;

// Longer chains than this do not occur: array type, row type, table, extension.
constexpr int longest_chain = 16;

} // namespace

std::uint32_t ObjectSums::place(RootId object) const {
    std::uint32_t at = spread(object) & (room_ - 1);
    while (entries_[at].object != object && entries_[at].object != none)
        at = (at + 1) & (room_ - 1);
    return at;
}

void ObjectSums::grow() {
    Entry *old = entries_;
    const std::uint32_t old_room = room_;
    room_ = old_room == 0 ? first_room : 2 * old_room;
    entries_ = static_cast<Entry *>(
        palloc_extended(sizeof(Entry) * static_cast<Size>(room_), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO));
    for (std::uint32_t i = 0; i < old_room; ++i) {
        if (old[i].object != none)
            entries_[place(old[i].object)] = old[i];
    }
    if (old != nullptr)
        pfree(old);
    last_ = nullptr;
}

ObjectSums::Entry *ObjectSums::entry(RootId object) {
    if (last_ != nullptr && last_->object == object)
        return last_;
    if (used_ >= room_ / 8 * 7) // fuller than usual: each entry is 24 bytes, and a database has many objects
        grow();
    last_ = &entries_[place(object)];
    if (last_->object == none) {
        last_->object = object;
        ++used_;
    }
    return last_;
}

const ObjectSums::Entry *ObjectSums::find(RootId object) const {
    if (last_ != nullptr && last_->object == object)
        return last_;
    if (room_ == 0)
        return nullptr;
    const Entry *found = &entries_[place(object)];
    return found->object == none ? nullptr : found;
}

RootId ObjectSums::root(RootId object) const {
    for (int steps = 0; steps < longest_chain; ++steps) {
        const Entry *one = find(object);
        if (one == nullptr || one->owner == none)
            return object;
        if (one->owner == ignored)
            return ignored;
        object = one->owner;
    }
    return object; // a circle, made by hand: fold() cuts it here
}

void ObjectSums::fold() {
    // An owner need not have a row of its own, but it needs an entry; the table may not grow further on.
    constexpr std::uint32_t ahead = 16;
    const auto prefetch_owner = [&](std::uint32_t i) {
        if (i < room_ && entries_[i].owner != none)
            prefetch(entries_[i].owner);
    };
    for (std::uint32_t i = 0; i < room_; ++i) {
        prefetch_owner(i + ahead);
        const RootId owner = entries_[i].owner;
        if (entries_[i].object == none || owner == none || owner == ignored || find(owner) != nullptr)
            continue;
        const std::uint32_t room = room_;
        (void)entry(owner);
        if (room_ != room)
            i = static_cast<std::uint32_t>(-1); // begin again
    }
    for (std::uint32_t i = 0; i < room_; ++i) {
        prefetch_owner(i + ahead);
        Entry &part = entries_[i];
        if (part.object == none || part.owner == none || part.owner == ignored)
            continue;
        const RootId top = root(part.object);
        if (top == ignored)
            continue;
        Entry &whole = entries_[place(top)];
        whole.owner = none;
        if (&whole != &part)
            whole.sum += part.sum;
    }
}

} // namespace turnstone::server
