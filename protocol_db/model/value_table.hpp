#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocol_db/model/value.hpp"

namespace framewright::model {

/// A number that is the same for equal values. Lists, tuples and packets are not told apart by it.
inline std::size_t hash_of(const Value& value) {
    std::uint64_t number = value.variant().index();
    if (const Integer* const integer = value.get_if<Integer>()) {
        number = static_cast<std::uint64_t>(*integer) ^ static_cast<std::uint64_t>(*integer >> 64) << 1;
    } else if (const std::string* const text = value.get_if<std::string>()) {
        number = std::hash<std::string_view>()(*text);
    } else if (const Bytes* const octets = value.get_if<Bytes>()) {
        number = std::hash<std::string_view>()({reinterpret_cast<const char*>(octets->data()), octets->size()});
    }
    // Neighbouring numbers end up far from each other (Fibonacci hashing).
    return static_cast<std::size_t>(number * 0x9e3779b97f4a7c15U);
}

/// Finds what belongs to a tuple of values, in the same time however many there are.
template <typename T>
class ValueTable {
public:
    using Key = std::vector<Value>;
    /// The values of a tuple, wherever they are.
    using KeyView = std::span<const Value* const>;

    /// Adds an entry; gives what is there already for these values, and whether it was added.
    std::pair<T&, bool> emplace(Key key, T entry) {
        const auto [place, is_new] = entries_.try_emplace(std::move(key), std::move(entry));
        return {place->second, is_new};
    }
    /// What belongs to the values, or null.
    const T* find(KeyView key) const {
        const auto found = entries_.find(key);
        return found != entries_.end() ? &found->second : nullptr;
    }
    std::size_t size() const { return entries_.size(); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(const Key& key) const {
            std::size_t hash = 0;
            for (const Value& value : key) {
                hash = combine(hash, value);
            }
            return hash;
        }
        std::size_t operator()(KeyView key) const {
            std::size_t hash = 0;
            for (const Value* const value : key) {
                hash = combine(hash, *value);
            }
            return hash;
        }
        static std::size_t combine(std::size_t hash, const Value& value) { return hash * 31 + hash_of(value); }
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(const Key& left, const Key& right) const { return left == right; }
        bool operator()(KeyView left, const Key& right) const {
            return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                              [](const Value* a, const Value& b) { return *a == b; });
        }
        bool operator()(const Key& left, KeyView right) const { return (*this)(right, left); }
    };

    std::unordered_map<Key, T, Hash, Equal> entries_;
};

}  // namespace framewright::model
