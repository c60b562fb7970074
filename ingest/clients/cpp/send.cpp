// Sends an MCAP file to `lockstep serve` and resumes until it is sealed (ingest/PROTOCOL.md).
// c++ -std=c++17 -O2 -o send send.cpp; usage: send FILE HOST PORT SESSION STREAM [TOKEN]
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
using std::string;

static string field(const string& line, const string& name) {  // enough for the server's flat lines
  size_t at = line.find("\"" + name + "\":");
  if (at == string::npos) return "";
  at += name.size() + 3;
  return line[at] == '"' ? line.substr(at + 1, line.find('"', at + 1) - at - 1)
                         : line.substr(at, line.find_first_of(",}", at) - at);
}
static string crc32c(const string& data) {
  uint32_t crc = ~0u;
  for (unsigned char byte : data) {
    crc ^= byte;
    for (int i = 0; i < 8; i++) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78u : 0);
  }
  char hex[9];
  snprintf(hex, sizeof hex, "%08x", ~crc);
  return hex;
}
static int dial(const char* host, const char* port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (getaddrinfo(host, port, &hints, &found) != 0) return -1;
  int link = socket(found->ai_family, SOCK_STREAM, 0);
  timeval patience{120, 0};
  setsockopt(link, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(link, found->ai_addr, found->ai_addrlen) != 0) { close(link); link = -1; }
  freeaddrinfo(found);
  return link;
}
static bool put(int link, const char* data, size_t size) {
  for (ssize_t n; size > 0; data += n, size -= n)
    if ((n = send(link, data, size, MSG_NOSIGNAL)) <= 0) return false;
  return true;
}
static string read_line(int link) {  // empty at the end
  string line;
  for (char c; recv(link, &c, 1, 0) == 1; line += c) if (c == '\n') return line;
  return "";
}
static string attempt(int link, const char* path, const string& hello) {
  if (!put(link, hello.data(), hello.size())) return "";
  string line = read_line(link);
  if (field(line, "t") == "ok") {
    uint64_t durable = std::stoull(field(line, "durable"));  // the server's answer is the truth
    std::ifstream file(path, std::ios::binary);
    string tail(durable < 65536 ? durable : 65536, 0), piece(1 << 18, 0);
    file.seekg(durable - tail.size()).read(tail.data(), tail.size());
    if (!file || crc32c(tail) != field(line, "tail_crc32c"))
      return "{\"t\":\"err\",\"code\":\"diverged\",\"part\":" + field(line, "part") + "}";
    while (file.read(piece.data(), piece.size()), file.gcount() > 0)
      if (!put(link, piece.data(), file.gcount())) break;  // a line may say why
  }
  while (!line.empty() && field(line, "t") != "done" && field(line, "t") != "err") line = read_line(link);
  return line;
}
int main(int argc, char** argv) {
  if (argc < 6) return 2;
  string size = std::to_string(std::filesystem::file_size(argv[1])), part, line;
  for (time_t end = time(nullptr) + 120; time(nullptr) < end;) {
    string hello = string("MCAPIN/1 {\"session\":\"") + argv[4] + "\",\"stream\":\"" + argv[5] + "\"" +
        (argc > 6 ? string(",\"token\":\"") + argv[6] + "\"" : "") + part +
        ",\"mode\":\"spool\",\"offset\":0,\"size\":" + size + "}\n";
    int link = dial(argv[2], argv[3]);
    line = link < 0 ? "" : attempt(link, argv[1], hello);
    if (link >= 0) close(link);
    printf("%s\n", line.empty() ? "connection lost" : line.c_str());
    string code = field(line, "code"), wait = field(line, "retry_after_s");
    if (field(line, "t") == "done") return field(line, "complete") == "true" && field(line, "durable") == size ? 0 : 1;
    if (code == "diverged") part = ",\"part\":" + std::to_string(std::stoi(field(line, "part")) + 1);
    else if (!line.empty() && code != "gap" && code != "quota" && code != "storage") return 1;
    usleep(wait.empty() ? 200000 : std::stoi(wait) * 1000000);
  }
  return 1;
}
