// Sends an MCAP file to `lockstep serve` and resumes until it is sealed (ingest/PROTOCOL.md).
// c++ -std=c++17 -O2 -o send send.cpp; usage: send FILE HOST PORT SESSION STREAM [TOKEN]
#include <netdb.h>
#include <unistd.h>
#include <cstdio>
#include <fstream>
#include <regex>
#include <string>
using std::string;

string field(const string& line, const string& name) {  // "" if there is none
  std::smatch found;
  std::regex_search(line, found, std::regex("\"" + name + "\":\"?([^\",}]*)"));
  return found[1];
}
unsigned crc32c(const string& data) {
  unsigned crc = ~0u;
  for (size_t bit = 0; bit < data.size() * 8; bit++)
    crc = crc >> 1 ^ ((crc ^ data[bit / 8] >> bit % 8) & 1 ? 0x82F63B78u : 0);
  return ~crc;
}
bool send_rest(int link, std::ifstream file, const string& ok) {  // false: other bytes are stored
  size_t durable = stoull(field(ok, "durable"));  // the server's answer is the truth
  string tail(durable < 65536 ? durable : 65536, 0), piece(1 << 18, 0);
  file.seekg(durable - tail.size()).read(tail.data(), tail.size());
  if (crc32c(tail) != stoul(field(ok, "tail_crc32c"), nullptr, 16)) return false;
  while (file.read(piece.data(), piece.size()), file.gcount() > 0)
    if (send(link, piece.data(), file.gcount(), MSG_NOSIGNAL) <= 0) break;  // a line may say why
  return true;
}
int main(int argc, char** argv) {
  addrinfo* server = nullptr;
  if (argc < 6 || getaddrinfo(argv[2], argv[3], nullptr, &server) != 0) return 2;
  string token = argc > 6 ? string("\",\"token\":\"") + argv[6] : "", part;
  string names = string("\"session\":\"") + argv[4] + "\",\"stream\":\"" + argv[5] + token + "\"";
  string size = ",\"size\":" + std::to_string(std::ifstream(argv[1], std::ios::ate).tellg());
  while (true) {  // a client that keeps its bytes has no reason to give up
    string hello = "MCAPIN/1 {\"mode\":\"spool\",\"offset\":0," + names + size + part + "}\n";
    int link = socket(server->ai_family, SOCK_STREAM, 0);
    timeval patience{120, 0};  // more than any answer takes
    setsockopt(link, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    bool go_on = connect(link, server->ai_addr, server->ai_addrlen) == 0 &&
                 send(link, hello.data(), hello.size(), MSG_NOSIGNAL) > 0;
    FILE* lines = fdopen(link, "r");
    char line[4096] = "";  // the last one counts: done, err, or an ack where the connection broke
    while (go_on && fgets(line, sizeof line, lines))
      go_on = field(line, "t") != "ok" || send_rest(link, std::ifstream(argv[1]), line);
    fclose(lines);
    if (field(line, "t") == "done") return field(line, "complete") != "true";
    string code = field(line, "t") == "ok" && !go_on ? "diverged" : field(line, "code");
    if (code == "diverged") part = ",\"part\":" + std::to_string(stoi(field(line, "part")) + 1);
    else if (string("gap quota storage").find(code) == string::npos) return 1;
    usleep(200000 + stoi("0" + field(line, "retry_after_s")) * 1000000);
  }
}
