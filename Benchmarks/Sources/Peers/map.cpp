#include "common.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

struct peer_map {
    std::mutex mutex;
    std::map<std::string, std::string> entries;

    std::optional<std::string> get(const std::string &key) {
        std::lock_guard<std::mutex> lock(mutex);
        auto found = entries.find(key);
        if (found == entries.end()) return std::nullopt;
        return found->second;
    }

    void set(std::string key, std::string value) {
        std::lock_guard<std::mutex> lock(mutex);
        entries[std::move(key)] = std::move(value);
    }

    void remove(const std::string &key) {
        std::lock_guard<std::mutex> lock(mutex);
        entries.erase(key);
    }

    /// Up to `limit` entries after `key`, or from the first on.
    std::vector<std::pair<std::string, std::string>> page(const std::optional<std::string> &after, size_t limit) {
        std::lock_guard<std::mutex> lock(mutex);
        return copy(after ? entries.upper_bound(*after) : entries.begin(), limit);
    }

    /// Up to `limit` entries from `key` on.
    std::vector<std::pair<std::string, std::string>> range(const std::string &key, size_t limit) {
        std::lock_guard<std::mutex> lock(mutex);
        return copy(entries.lower_bound(key), limit);
    }

  private:
    std::vector<std::pair<std::string, std::string>> copy(
        std::map<std::string, std::string>::const_iterator at, size_t limit) const {
        std::vector<std::pair<std::string, std::string>> page;
        page.reserve(limit);
        for (; at != entries.end() && page.size() < limit; ++at) page.emplace_back(*at);
        return page;
    }
};

peer_map *peer_map_create(void) { return new peer_map; }
void peer_map_destroy(peer_map *peer) { delete peer; }

static std::string key_of(const peer_rows &rows, size_t i) {
    return std::string((const char *)rows.keys + i * rows.key_length, rows.key_length);
}

static void get_share(peer_share *share) {
    auto peer = (peer_map *)share->peer;
    for (size_t i = 0; i < share->rows.count; i++) {
        auto value = peer->get(key_of(share->rows, i));
        if (value) peer_add(&share->found, value->data(), value->size());
    }
}

peer_found peer_map_get(peer_map *peer, peer_rows rows, int threads) {
    return peer_run(peer, rows, 0, threads, get_share);
}

peer_found peer_map_scan(peer_map *peer) {
    peer_found found = {0, 0};
    std::optional<std::string> last;
    while (true) {
        auto page = peer->page(last, 1000);
        if (page.empty()) return found;
        for (auto &entry : page) {
            peer_add(&found, entry.second.data(), entry.second.size());
            found.sum += entry.first.size();
        }
        last = page.back().first;
    }
}

peer_found peer_map_range(peer_map *peer, peer_rows rows, size_t length) {
    peer_found found = {0, 0};
    for (size_t i = 0; i < rows.count; i++) {
        for (auto &entry : peer->range(key_of(rows, i), length)) {
            peer_add(&found, entry.second.data(), entry.second.size());
        }
    }
    return found;
}

void peer_map_set(peer_map *peer, peer_rows rows) {
    for (size_t i = 0; i < rows.count; i++) {
        peer->set(key_of(rows, i), std::string((const char *)rows.values + i * rows.value_length, rows.value_length));
    }
}

void peer_map_remove(peer_map *peer, peer_rows rows) {
    for (size_t i = 0; i < rows.count; i++) peer->remove(key_of(rows, i));
}
