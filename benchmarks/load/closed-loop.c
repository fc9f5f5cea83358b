/*
 * Puts load on a server over a number of connections, each of which sends a request, waits for the
 * whole answer and sends the next. For protocols and counts that no ready tool fits; one thread.
 *
 *   closed-loop PROTOCOL PORT CONNECTIONS SECONDS REQUESTS STREAMS REPLIES FILE
 *
 * PROTOCOL is http, redis or nats. It ends after SECONDS or after REQUESTS, where 0 is no limit.
 * FILE holds the request; in it `{stream}` becomes the number of the stream whose turn it is, 1 to
 * STREAMS, and `{socket}` that of the connection, both with eight digits, so that lengths stay.
 * An answer consists of REPLIES replies. Prints what was measured as JSON, times in microseconds.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { line_bytes_max = 16 * 1024, read_bytes = 256 * 1024, events_max = 256, number_digits = 8 };

/* How far the answer of a connection has come: a line that is not whole yet, bytes to pass over. */
struct connection {
  int socket;
  char *request;
  double sent_at;
  long replies_left;
  long skip_bytes;
  char line[line_bytes_max];
  long line_bytes;
  /* http: the head of a reply is being read; nats: the payload that is passed over is an answer. */
  int is_inside;
  long body_bytes;
};

typedef void (*take_line)(struct connection *, char *line);

static char *template;
static long template_bytes;
static long replies_of_answer;
static long streams;
static long stream_of_turn;
static long requests_max;
static long requests_sent;
static long answers;
static long failures;
static double bytes_read;
static double seconds_max;
static double started_at;
static unsigned *latencies;
static long latencies_max;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void send_all(struct connection *to, const char *bytes, long count) {
  while (count > 0) {
    ssize_t sent = send(to->socket, bytes, count, MSG_NOSIGNAL);
    if (sent <= 0) fail("send");
    bytes += sent;
    count -= sent;
  }
}

static void number_places(char *request, const char *name, long number) {
  char digits[number_digits];
  for (int at = number_digits - 1; at >= 0; at--, number /= 10) digits[at] = '0' + number % 10;
  const char *end = template + template_bytes;
  const size_t name_bytes = strlen(name);
  for (char *at = template; (at = memmem(at, end - at, name, name_bytes)) != NULL; at += name_bytes) {
    memcpy(request + (at - template), digits, number_digits);
  }
}

static int is_over(void) {
  return (requests_max > 0 && requests_sent >= requests_max) || (seconds_max > 0 && now() - started_at >= seconds_max);
}

static void send_next(struct connection *to) {
  if (is_over()) return;
  requests_sent++;
  stream_of_turn = stream_of_turn % streams + 1;
  number_places(to->request, "{stream}", stream_of_turn);
  to->replies_left = replies_of_answer;
  to->sent_at = now();
  send_all(to, to->request, template_bytes);
}

static void reply_is_whole(struct connection *from) {
  if (--from->replies_left > 0) return;
  if (answers == latencies_max) {
    latencies_max = latencies_max * 2 + 1024;
    latencies = realloc(latencies, latencies_max * sizeof *latencies);
    if (latencies == NULL) fail("realloc");
  }
  latencies[answers++] = (now() - from->sent_at) * 1e6;
  send_next(from);
}

static void take_http(struct connection *from, char *line) {
  if (!from->is_inside) {
    from->is_inside = 1;
    from->body_bytes = 0;
    if (strncmp(line, "HTTP/1.1 2", 10) != 0) failures++;
  } else if (strncasecmp(line, "content-length:", 15) == 0) {
    from->body_bytes = atol(line + 15);
  } else if (*line == '\0') {
    from->is_inside = 0;
    from->skip_bytes = from->body_bytes;
    if (from->skip_bytes == 0) reply_is_whole(from);
  }
}

/* An element of an array is one reply more that is awaited, so nothing has to be remembered. */
static void take_redis(struct connection *from, char *line) {
  const long number = atol(line + 1);
  if (*line == '-') failures++;
  if (*line == '$' && number >= 0) {
    from->skip_bytes = number + 2;
    return;
  }
  if (*line == '*' && number > 0) from->replies_left += number;
  reply_is_whole(from);
}

static void take_nats(struct connection *from, char *line) {
  if (strncmp(line, "MSG ", 4) == 0) {
    from->is_inside = 1;
    from->skip_bytes = atol(strrchr(line, ' ') + 1) + 2;
  } else if (strcmp(line, "PING") == 0) {
    send_all(from, "PONG\r\n", 6);
  } else if (strncmp(line, "-ERR", 4) == 0) {
    fprintf(stderr, "%s\n", line);
    exit(1);
  }
}

static void take(struct connection *from, char *bytes, long count, take_line take_line) {
  while (count > 0) {
    if (from->skip_bytes > 0) {
      const long passed = from->skip_bytes < count ? from->skip_bytes : count;
      if (take_line == take_nats && memmem(bytes, passed, "\"error\"", 7) != NULL) failures++;
      bytes += passed;
      count -= passed;
      from->skip_bytes -= passed;
      if (from->skip_bytes == 0) reply_is_whole(from);
      continue;
    }
    char *end = memchr(bytes, '\n', count);
    const long part = (end == NULL ? bytes + count : end) - bytes;
    if (from->line_bytes + part >= line_bytes_max) fail("a line is too long");
    memcpy(from->line + from->line_bytes, bytes, part);
    from->line_bytes += part;
    if (end == NULL) return;
    bytes += part + 1;
    count -= part + 1;
    if (from->line_bytes > 0 && from->line[from->line_bytes - 1] == '\r') from->line_bytes--;
    from->line[from->line_bytes] = '\0';
    from->line_bytes = 0;
    take_line(from, from->line);
  }
}

static struct connection *open_connection(int port, long number, int is_nats) {
  struct connection *opened = calloc(1, sizeof *opened);
  if (opened == NULL || (opened->request = malloc(template_bytes)) == NULL) fail("malloc");
  memcpy(opened->request, template, template_bytes);
  number_places(opened->request, "{socket}", number);
  opened->socket = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  setsockopt(opened->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(opened->socket, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
  if (is_nats) {
    char greeting[128];
    const char *options = "{\"verbose\":false,\"pedantic\":false,\"tls_required\":false}";
    snprintf(greeting, sizeof greeting, "CONNECT %s\r\nSUB inbox.%0*ld 1\r\n", options, number_digits, number);
    send_all(opened, greeting, strlen(greeting));
  }
  return opened;
}

static void read_template(const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL) fail(path);
  fseek(file, 0, SEEK_END);
  template_bytes = ftell(file);
  rewind(file);
  template = malloc(template_bytes + 1);
  if (template == NULL || fread(template, 1, template_bytes, file) != (size_t)template_bytes) fail(path);
  fclose(file);
}

static int compare_latencies(const void *left, const void *right) {
  const unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;
  return a < b ? -1 : a > b;
}

static unsigned latency_at(double part) {
  const long at = part * answers;
  return answers == 0 ? 0 : latencies[at < answers ? at : answers - 1];
}

int main(int count, char **arguments) {
  if (count != 9) {
    fprintf(stderr, "closed-loop PROTOCOL PORT CONNECTIONS SECONDS REQUESTS STREAMS REPLIES FILE\n");
    return 2;
  }
  const char *protocol = arguments[1];
  const int is_nats = strcmp(protocol, "nats") == 0;
  const take_line take_line = is_nats ? take_nats : strcmp(protocol, "redis") == 0 ? take_redis : take_http;
  const long connections = atol(arguments[3]);
  seconds_max = atof(arguments[4]);
  requests_max = atol(arguments[5]);
  streams = atol(arguments[6]);
  replies_of_answer = atol(arguments[7]);
  read_template(arguments[8]);

  const int poll = epoll_create1(0);
  struct epoll_event ready[events_max];
  char *buffer = malloc(read_bytes);
  struct connection **opened = calloc(connections, sizeof *opened);
  if (buffer == NULL || opened == NULL) fail("malloc");
  for (long at = 0; at < connections; at++) {
    opened[at] = open_connection(atoi(arguments[2]), at, is_nats);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = opened[at]};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, opened[at]->socket, &event) != 0) fail("epoll_ctl");
  }
  started_at = now();
  for (long at = 0; at < connections; at++) send_next(opened[at]);
  while (answers < requests_sent) {
    const int found = epoll_wait(poll, ready, events_max, 30000);
    if (found <= 0) fail("no answer for half a minute");
    for (int at = 0; at < found; at++) {
      struct connection *from = ready[at].data.ptr;
      const ssize_t bytes = recv(from->socket, buffer, read_bytes, MSG_DONTWAIT);
      if (bytes <= 0) fail("the server closed a connection");
      bytes_read += bytes;
      take(from, buffer, bytes, take_line);
    }
  }
  const double seconds = now() - started_at;
  qsort(latencies, answers, sizeof *latencies, compare_latencies);
  printf("{\"requests\":%ld,\"failures\":%ld,\"microseconds\":%.0f,\"bytes\":%.0f,"
         "\"p50\":%u,\"p99\":%u,\"p999\":%u,\"max\":%u}\n",
         answers, failures, seconds * 1e6, bytes_read, latency_at(0.5), latency_at(0.99), latency_at(0.999),
         latency_at(1));
  return 0;
}
