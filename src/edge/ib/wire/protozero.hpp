#pragma once
// protozero, always through this door: its assertions check how we call it, on every field; what a peer sends is checked by
// exceptions either way. Left out they cost nothing, and everybody must see the same code.

#pragma push_macro("NDEBUG")
#undef NDEBUG
#define NDEBUG
#define protozero_assert(x) static_cast<void>(0)
#include <protozero/basic_pbf_writer.hpp>
#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>
#pragma pop_macro("NDEBUG")
