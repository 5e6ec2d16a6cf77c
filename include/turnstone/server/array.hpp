// An array for leaf code: without a destructor, in the memory context that was current when it was first
// added to.
#pragma once

#include "turnstone/server/pg.hpp"

namespace turnstone::server {

template <class Element>
struct Array {
    Element *items;
    int size;
    int room;

    // Room for one more; so the memory context is the one that is current now.
    void reserve() {
        if (size < room)
            return;
        const Size bytes = sizeof(Element) * static_cast<Size>(room == 0 ? 64 : 2 * room);
        items = static_cast<Element *>(room == 0 ? palloc_extended(bytes, MCXT_ALLOC_HUGE)
                                                 : repalloc_huge(items, bytes));
        room = room == 0 ? 64 : 2 * room;
    }
    void push(const Element &element) {
        reserve();
        items[size++] = element;
    }
    [[nodiscard]] Element *begin() const { return items; }
    [[nodiscard]] Element *end() const { return items + size; }
};

} // namespace turnstone::server
