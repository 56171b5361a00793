#pragma once

#include <stdexcept>

namespace framewright::fields {

/// Bytes that are not what a field expects.
class DecodeError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A value that a field cannot take; the message says why, the caller adds layer, field and value.
class ValueError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace framewright::fields
