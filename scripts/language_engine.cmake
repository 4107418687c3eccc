# Read by CMake right after llama-cpp-python names its project. llama.cpp's common library (chat parsers, a downloader, an
# HTTP client; 53 of its 127 sources) is part of its own programs, and nothing that Python loads needs it.
set(LLAMA_BUILD_COMMON OFF)
