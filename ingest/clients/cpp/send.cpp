// send FILE HOST PORT SESSION STREAM [TOKEN]: sends until all is sealed (PROTOCOL.md; C++17)
#include <netdb.h>
#include <fstream>
#include <regex>
using std::ifstream, std::string, std::to_string;
string field(const string& line, string name, std::smatch hit = {}) {  // "" if there is none
  return regex_search(line, hit, std::regex('"' + name + "\":\"?([^\",}]*)")) ? hit.str(1) : "";
}
bool send_rest(int link, ifstream file, const string& ok, unsigned crc = ~0u) {  // false: diverged
  string tail(std::min(stoull(field(ok, "durable")), 65536ull), 0), piece(1 << 18, 0);
  file.seekg(stoull(field(ok, "durable")) - tail.size()).read(tail.data(), tail.size());
  for (size_t bit = 0; bit < tail.size() * 8; bit++)
    crc = crc >> 1 ^ ((crc ^ tail[bit / 8] >> bit % 8) & 1 ? 0x82F63B78u : 0);
  if (~crc != stoul(field(ok, "tail_crc32c"), nullptr, 16)) return false;
  while (file.read(&piece[0], 1 << 18), send(link, &piece[0], file.gcount(), MSG_NOSIGNAL) > 0) {}
  return true;  // all is sent, or a line says why not
}
int main(int argc, char** argv) {
  addrinfo* server = nullptr;
  if (argc < 6 || getaddrinfo(argv[2], argv[3], nullptr, &server) != 0) return 2;
  string part = "0", names = R"(,"mode":"spool","offset":0,"stream":")" + string(argv[5]) +
      R"(","session":")" + argv[4] + (argc > 6 ? R"(","token":")" + string(argv[6]) : "") +
      R"(","size":)" + to_string(ifstream(argv[1], std::ios::ate).tellg()) + "}\n";
  for (timeval patience{120, 0}, pause;; select(0, nullptr, nullptr, nullptr, &pause)) {
    int link = socket(server->ai_family, SOCK_STREAM, 0);
    setsockopt(link, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    string hello = R"(MCAPIN/1 {"part":)" + part + names;
    bool go_on = connect(link, server->ai_addr, server->ai_addrlen) == 0 &&
                 send(link, hello.data(), hello.size(), MSG_NOSIGNAL) > 0;
    FILE* lines = fdopen(link, "r");
    char line[4096] = "";  // the last one counts: done, err, or an ack where the connection broke
    while (go_on && fgets(line, sizeof line, lines))
      go_on = field(line, "t") != "ok" || send_rest(link, ifstream(argv[1]), line);
    if (fclose(lines), field(line, "t") == "done") return field(line, "complete") != "true";
    string code = field(line, "t") == "ok" && !go_on ? "diverged" : field(line, "code");
    if (code == "diverged") part = to_string(stoi(field(line, "part")) + 1);
    else if (string("gap quota storage").find(code) == string::npos) return 1;
    pause = {stoi("0" + field(line, "retry_after_s")), 200000};
  }
}
