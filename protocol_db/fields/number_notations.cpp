#include "protocol_db/fields/number_notations.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "protocol_db/expression/literal.hpp"
#include "protocol_db/fields/text.hpp"

namespace framewright::fields {

namespace {

constexpr Integer power_of_ten(std::size_t exponent) {
    Integer power = 1;
    for (; exponent > 0; --exponent) {
        power *= 10;
    }
    return power;
}

/// A decimal number: digits without the point, and how many of them stand behind it.
struct Decimal {
    Integer digits = 0;
    std::size_t decimals = 0;
};

/// Reads a number with or without a fraction; with so many digits that it is exact.
std::optional<Decimal> read_decimal(std::string_view text) {
    constexpr std::size_t kMostDigits = 28;
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string digits(text.substr(0, point));
    const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
    const bool are_digits = fraction.find_first_not_of("0123456789") == std::string_view::npos;
    digits += fraction;
    const std::optional<Integer> number =
        are_digits && digits.size() <= kMostDigits ? parse_integer(digits) : std::nullopt;
    return number && !text.starts_with("0x") ? std::optional<Decimal>({*number, fraction.size()}) : std::nullopt;
}

/// The same number with as many decimals; none where it has more that are not 0.
std::optional<Integer> scaled(const Decimal& decimal, std::size_t decimals) {
    if (decimal.decimals <= decimals) {
        return decimal.digits * power_of_ten(decimals - decimal.decimals);
    }
    const Integer divisor = power_of_ten(decimal.decimals - decimals);
    return decimal.digits % divisor == 0 ? std::optional(decimal.digits / divisor) : std::nullopt;
}

void show_quantity(const model::Field& field, Integer number, std::string& out) {
    const auto& [notation, unit, in_front, factor, decimals, fraction_bits, epoch] = notation_of(field);
    const Integer shown = number * factor;
    const Integer divisor = power_of_ten(decimals);
    out += in_front;
    out += shown < 0 ? "-" : "";
    const UnsignedInteger size = magnitude(shown);
    const auto units = static_cast<UnsignedInteger>(divisor);
    out += to_digits(size / units, 10);
    if (decimals > 0) {
        const std::string fraction = to_digits(size % units, 10);
        out += '.' + std::string(decimals - fraction.size(), '0') + fraction;
    }
    out += unit;
}

/// What a person wrote with the unit, or with a fraction; digits alone are the number in the packet.
std::optional<Integer> read_quantity(const model::Field& field, std::string_view text) {
    const NotationParameters& own = notation_of(field);
    if (text.starts_with(own.in_front)) {
        text.remove_prefix(own.in_front.size());
    }
    const bool has_unit = !own.unit.empty() && text.ends_with(own.unit);
    if (has_unit) {
        text = trim(text.substr(0, text.size() - own.unit.size()));
    } else if (text.find('.') == std::string_view::npos) {
        return std::nullopt;
    }
    const std::optional<Decimal> decimal = read_decimal(text);
    const std::optional<Integer> shown = decimal ? scaled(*decimal, own.decimals) : std::nullopt;
    return shown && *shown % own.factor == 0 ? std::optional(*shown / own.factor) : std::nullopt;
}

/// So many decimals tell all fractions of 32 bits apart.
constexpr std::size_t kFractionDecimals = 10;

/// The decimals of a fraction of so many bits, without zeros at the end.
std::string fraction_digits(UnsignedInteger fraction, std::uint32_t bits) {
    const UnsignedInteger half = bits > 0 ? UnsignedInteger{1} << (bits - 1) : 0;
    const UnsignedInteger rounded =
        (fraction * static_cast<UnsignedInteger>(power_of_ten(kFractionDecimals)) + half) >> bits;
    std::string digits = to_digits(rounded, 10);
    digits.insert(0, kFractionDecimals - std::min(digits.size(), kFractionDecimals), '0');
    digits.erase(digits.find_last_not_of('0') + 1);
    return digits;
}

void show_fixed_point(const model::Field& field, Integer number, std::string& out) {
    constexpr std::uint32_t kExactBits = 53;
    const std::uint32_t bits = notation_of(field).fraction_bits;
    const UnsignedInteger size = magnitude(number);
    if (size >> kExactBits == 0) {
        out += expression::python_repr_float(std::ldexp(static_cast<double>(number), -static_cast<int>(bits)));
        return;
    }
    const UnsignedInteger mask = (UnsignedInteger{1} << bits) - 1;
    const std::string fraction = fraction_digits(size & mask, bits);
    out += (number < 0 ? "-" : "") + to_digits(size >> bits, 10) + '.' + (fraction.empty() ? "0" : fraction);
}

/// Nearest to what was written.
std::optional<Integer> in_fixed_point(const Decimal& decimal, std::uint32_t bits) {
    const UnsignedInteger size = magnitude(decimal.digits);
    if (size >> (127 - bits) != 0) {
        return std::nullopt;
    }
    const auto divisor = static_cast<UnsignedInteger>(power_of_ten(decimal.decimals));
    const UnsignedInteger rounded = ((size << bits) + divisor / 2) / divisor;
    return decimal.digits < 0 ? -static_cast<Integer>(rounded) : static_cast<Integer>(rounded);
}

std::optional<Integer> read_fixed_point(const model::Field& field, std::string_view text) {
    const std::uint32_t bits = notation_of(field).fraction_bits;
    // Small fractions are shown with an exponent, as 1.52587890625e-05.
    const std::size_t mark = text.find('e');
    const std::optional<Integer> exponent =
        mark == std::string_view::npos ? std::optional<Integer>(0) : parse_integer(text.substr(mark + 1));
    std::optional<Decimal> decimal = read_decimal(text.substr(0, mark));
    constexpr std::size_t kMostDecimals = 36;
    if (!exponent || *exponent > 0 || *exponent < -32 || !decimal) {
        return std::nullopt;
    }
    decimal->decimals += static_cast<std::size_t>(-*exponent);
    return decimal->decimals <= kMostDecimals ? in_fixed_point(*decimal, bits) : std::nullopt;
}

constexpr std::uint32_t kNtpFractionBits = 32;
/// From 1900 to 1970, in seconds.
constexpr Integer kNtpEpoch = -2208988800;
constexpr std::string_view kUtcEnd = " +0000";

std::string date_text(Integer seconds) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

void show_ntp_timestamp(const model::Field& /*field*/, Integer number, std::string& out) {
    if (number == 0) {
        out += "0.0";
        return;
    }
    const UnsignedInteger mask = (UnsignedInteger{1} << kNtpFractionBits) - 1;
    const std::string fraction = fraction_digits(static_cast<UnsignedInteger>(number) & mask, kNtpFractionBits);
    out += date_text((number >> kNtpFractionBits) + kNtpEpoch);
    out += fraction.empty() ? "" : "." + fraction;
    out += kUtcEnd;
}

/// The seconds since 1970 of a date such as "Sat, 21 Nov 2026 08:18:43".
std::optional<Integer> read_date(std::string_view text) {
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::size_t comma = text.find(", ");
    text.remove_prefix(comma != std::string_view::npos ? comma + 2 : 0);
    constexpr std::string_view kForm = "dd mon yyyy hh:mm:ss";
    if (text.size() != kForm.size()) {
        return std::nullopt;
    }
    const auto number = [text](std::size_t first, std::size_t size) {
        const auto digits = parse_digits(text.substr(first, size), 10);
        return digits ? static_cast<int>(*digits) : -1;
    };
    const auto* const month = std::find(kMonths.begin(), kMonths.end(), text.substr(3, 3));
    const int day = number(0, 2);
    const int year = number(7, 4);
    const int hour = number(12, 2);
    const int minute = number(15, 2);
    const int second = number(18, 2);
    const auto date = std::chrono::year(year) / (static_cast<int>(month - kMonths.begin()) + 1) / day;
    if (month == kMonths.end() || day < 0 || year < 0 || !date.ok() || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 59) {
        return std::nullopt;
    }
    const auto days = std::chrono::sys_days(date).time_since_epoch();
    return Integer{std::chrono::duration_cast<std::chrono::seconds>(days).count()} + Integer{hour} * 3600 +
           Integer{minute} * 60 + second;
}

std::optional<Integer> read_ntp_timestamp(const model::Field& /*field*/, std::string_view text) {
    if (const std::optional<Decimal> seconds = read_decimal(text)) {
        return in_fixed_point(*seconds, kNtpFractionBits);
    }
    if (!text.ends_with(kUtcEnd)) {
        return std::nullopt;
    }
    text.remove_suffix(kUtcEnd.size());
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::optional<Integer> seconds = read_date(text.substr(0, point));
    const std::optional<Decimal> fraction = read_decimal("0" + std::string(text.substr(point)));
    const std::optional<Integer> part = fraction ? in_fixed_point(*fraction, kNtpFractionBits) : std::nullopt;
    return seconds && part ? std::optional(((*seconds - kNtpEpoch) << kNtpFractionBits) + *part) : std::nullopt;
}

}  // namespace

const NumberNotation kQuantity{
    .name = "quantity",
    .show = show_quantity,
    .read = read_quantity,
    .documentation = "times `factor`, with `decimals`, `in_front` in front of it and `unit` behind it (`8 sec`)"};
const NumberNotation kFixedPoint{.name = "fixed_point",
                                 .show = show_fixed_point,
                                 .read = read_fixed_point,
                                 .documentation =
                                     "a fraction, of which `fraction_bits` stand behind the point; a text is "
                                     "the fraction, a number is what the packet holds",
                                 .reads_digits = true};
const NumberNotation kNtpTimestamp{.name = "ntp_timestamp",
                                   .show = show_ntp_timestamp,
                                   .read = read_ntp_timestamp,
                                   .documentation =
                                       "date, of seconds since 1900 in 32 bits and a fraction in 32 (RFC "
                                       "5905); a text of digits are the seconds",
                                   .reads_digits = true};

namespace {

constexpr std::array<std::string_view, 9> kNotationWords{"decimal",          "hexadecimal", "name",
                                                         "name_and_choices", "utc_time",    "time_of_day",
                                                         "fixed_point",      "quantity",    "ntp_timestamp"};

constexpr std::array<const NumberNotation*, kNotationWords.size()> kNotations{
    &kDecimal,   &kHexadecimal, &kNamed,    &kNameAndChoices, &kUtcTime,
    &kTimeOfDay, &kFixedPoint,  &kQuantity, &kNtpTimestamp};

const NumberNotation* find_notation(std::string_view name) {
    const auto* const found = std::find(kNotationWords.begin(), kNotationWords.end(), name);
    return found != kNotationWords.end() ? kNotations[static_cast<std::size_t>(found - kNotationWords.begin())]
                                         : nullptr;
}

constexpr Key kNotationKey{
    .name = "notation", .shape = Shape::kWord, .documentation = kNotationDocumentation, .words = kNotationWords};
constexpr Key kUnitKey{
    "unit", Shape::kText,
    "What stands behind the number (`\" sec\"`), of the notation `quantity` or of a field with an `offset`."};
constexpr Key kInFrontKey{"in_front", Shape::kText, "Of the notation `quantity`: what stands in front of the number."};
constexpr Key kFactorKey{.name = "factor",
                         .shape = Shape::kNumber,
                         .documentation = "Of the notation `quantity`: the number is shown times this.",
                         .least = 1,
                         .most = 1'000'000'000};
constexpr Key kDecimalsKey{.name = "decimals",
                           .shape = Shape::kNumber,
                           .documentation = "Of the notation `quantity`: how many digits stand behind the point.",
                           .least = 0,
                           .most = 9};
constexpr Key kFractionBitsKey{.name = "fraction_bits",
                               .shape = Shape::kNumber,
                               .documentation =
                                   "Of the notation `fixed_point`, which needs it: how many of the lowest "
                                   "bits are the fraction.",
                               .least = 1,
                               .most = 32};
constexpr Key kEpochKey{.name = "epoch",
                        .shape = Shape::kNumber,
                        .documentation = "Of the notation `utc_time`: when 0 is, in seconds since 1970.",
                        .least = -4'000'000'000,
                        .most = 4'000'000'000};
constexpr std::array<Key, 7> kNotationKeys{kNotationKey, kUnitKey,         kInFrontKey, kFactorKey,
                                           kDecimalsKey, kFractionBitsKey, kEpochKey};

}  // namespace

std::span<const NumberNotation* const> number_notations() {
    return kNotations;
}

const NotationParameters& notation_of(const model::Field& field) {
    static const NotationParameters kNone;
    const NotationParameters* const own = field.parameters != nullptr ? field.parameters->notation() : nullptr;
    return own != nullptr ? *own : kNone;
}

std::span<const Key> notation_keys() {
    return kNotationKeys;
}

NotationParameters read_notation(ParameterReader& reader, const NumberNotation& own) {
    NotationParameters parameters;
    parameters.notation = find_notation(reader.text(kNotationKey));
    const NumberNotation& used = parameters.notation != nullptr ? *parameters.notation : own;
    const auto check = [&](const Key& key, const NumberNotation& notation) {
        if (reader.has(key) && &used != &notation) {
            reader.refuse("\"" + std::string(key.name) + "\" means nothing without the notation " +
                          std::string(notation.name));
        }
    };
    check(kUnitKey, kQuantity);
    check(kInFrontKey, kQuantity);
    check(kFactorKey, kQuantity);
    check(kDecimalsKey, kQuantity);
    check(kFractionBitsKey, kFixedPoint);
    check(kEpochKey, kUtcTime);
    parameters.unit = reader.text(kUnitKey);
    parameters.in_front = reader.text(kInFrontKey);
    parameters.factor = reader.number(kFactorKey).value_or(1);
    parameters.decimals = static_cast<std::uint32_t>(reader.number(kDecimalsKey).value_or(0));
    parameters.fraction_bits = static_cast<std::uint32_t>(reader.number(kFractionBitsKey).value_or(0));
    parameters.epoch = reader.number(kEpochKey).value_or(0);
    if (&used == &kFixedPoint && parameters.fraction_bits == 0) {
        reader.refuse("\"fraction_bits\" is missing");
    }
    const std::uint32_t bits = reader.field().bits;
    const bool is_wide = bits > 64 && (&used == &kFixedPoint || &used == &kQuantity);
    if (is_wide || (&used == &kNtpTimestamp && bits != 64) || (&used == &kUtcTime && (bits == 0 || bits > 32))) {
        reader.refuse("the notation " + std::string(used.name) + " is not for numbers of " +
                      (bits == 0 ? "several widths" : std::to_string(bits) + " bits"));
    }
    return parameters;
}

}  // namespace framewright::fields
