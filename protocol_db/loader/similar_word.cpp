#include "protocol_db/loader/similar_word.hpp"

#include <utility>

#include "protocol_db/loader/loader.hpp"

namespace framewright::loader {

std::string did_you_mean(std::string_view word, const std::function<bool(std::string_view)>& is_known) {
    constexpr std::string_view kCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ ";
    if (word.empty() || word.size() > kMaximumId) {
        return {};
    }
    const auto hint = [](const std::string& known) { return "; did you mean \"" + known + "\"?"; };
    for (std::size_t place = 0; place < word.size(); ++place) {
        std::string shorter(word);
        shorter.erase(place, 1);
        if (is_known(shorter)) {
            return hint(shorter);
        }
        std::string swapped(word);
        if (place + 1 < word.size()) {
            std::swap(swapped[place], swapped[place + 1]);
        }
        if (is_known(swapped)) {
            return hint(swapped);
        }
    }
    for (std::size_t place = 0; place <= word.size(); ++place) {
        std::string longer(word);
        longer.insert(place, 1, ' ');
        std::string other(word);
        for (const char c : kCharacters) {
            longer[place] = c;
            if (is_known(longer)) {
                return hint(longer);
            }
            if (place < word.size()) {
                other[place] = c;
            }
            if (is_known(other)) {
                return hint(other);
            }
        }
    }
    return {};
}

}  // namespace framewright::loader
