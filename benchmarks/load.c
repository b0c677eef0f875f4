/* Subscribers on plain sockets, for load.py, which says what to do on standard input, a line a command, and is
 * answered with a line. What must arrive is known to the byte: one frame, in which only a number of seven digits
 * counts up. Checking what came is one comparison of memory.
 *
 *     grow COUNT PORT            connect until there are so many
 *     refuse                     send the invalid frame; answers the payload of the frame that comes back
 *     run SECONDS IN_FLIGHT      publish as fast as all get it; answers messages and seconds
 *     pace SECONDS RATE          publish RATE a second; answers how long deliveries took: median, p99, longest, in ms
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FIRST = 1000000, MOST = 40000, EVENTS = 256, CHUNK = 1 << 16, PATIENCE = 60000 };

static int *sockets, count, epoll;
static size_t *offsets; /* by socket */
static char *expected, *said, *say, *wrong, *path;
static size_t said_size, say_size, wrong_size, said_digits, say_digits;

static void invalid(const char *form, ...) {
    va_list rest;
    va_start(rest, form);
    fputs("invalid ", stdout);
    vprintf(form, rest);
    puts("");
    exit(0);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static char *contents(const char *name, size_t *size) {
    FILE *file = fopen(name, "rb");
    if (!file) invalid("%s: %s", name, strerror(errno));
    char *text = malloc(1 << 16);
    *size = fread(text, 1, 1 << 16, file);
    fclose(file);
    return text;
}

static size_t digits_in(const char *frame, size_t size) {
    char *found = memmem(frame, size, "1000000", 7);
    if (!found) invalid("a frame without its number");
    return found - frame;
}

static void number(char *digits, int value) {
    for (int place = 6; place >= 0; place--, value /= 10) digits[place] = '0' + value % 10;
}

static void all(int socket, const char *data, size_t size) {
    while (size) {
        ssize_t sent = send(socket, data, size, MSG_NOSIGNAL);
        if (sent < 0) invalid("nothing could be sent: %s", strerror(errno));
        data += sent, size -= sent;
    }
}

static size_t some(int socket, char *data, size_t size) {
    ssize_t came = recv(socket, data, size, 0);
    if (came <= 0) invalid("the server closed a connection");
    return came;
}

static int connected(int port) {
    char text[1024], *end = text;
    int one = 1, found = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (found < 0 || connect(found, (struct sockaddr *)&address, sizeof address)) invalid("no connection: %s", strerror(errno));
    setsockopt(found, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    int size = snprintf(text, sizeof text,
        "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", path, port);
    all(found, text, size);
    do {
        some(found, end++, 1);
        *end = 0;
    } while (end < text + sizeof text - 1 && (end < text + 4 || memcmp(end - 4, "\r\n\r\n", 4)));
    if (strncmp(text, "HTTP/1.1 101 ", 13)) invalid("no WebSocket: %.40s", text);
    return found;
}

static void grow(int wanted, int port) {
    sockets = realloc(sockets, wanted * sizeof *sockets);
    while (count < wanted) {
        int socket = sockets[count++] = connected(port);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
        epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
    }
    puts("ok");
}

static void expect_silence(void) {
    struct epoll_event event;
    if (epoll_wait(epoll, &event, 1, 20)) invalid("more arrived than was sent");
}

static void refuse(void) {
    char frame[1024];
    all(sockets[0], wrong, wrong_size);
    size_t size = 0;
    do size += some(sockets[0], frame + size, sizeof frame - size);
    while (size < 2 || size < 2u + (frame[1] & 0x7f));
    expect_silence();
    printf("frame %.*s\n", (int)size - 2, frame + 2);
}

static void publish(int sequence) {
    number(say + say_digits, FIRST + sequence);
    all(sockets[0], say, say_size);
}

/* What has arrived: calls *each* with the frames that one subscriber had before and has now. */
static void take(void (*each)(size_t before, size_t after), int patience) {
    static char data[CHUNK];
    struct epoll_event events[EVENTS];
    int found = epoll_wait(epoll, events, EVENTS, patience);
    if (!found && patience == PATIENCE) invalid("nothing arrived for a minute");
    for (int index = 0; index < found; index++) {
        int socket = events[index].data.fd;
        size_t before = offsets[socket], size = some(socket, data, sizeof data);
        if (memcmp(data, expected + before, size)) invalid("what came is not what was sent: %.60s", data);
        offsets[socket] += size;
        each(before / said_size, offsets[socket] / said_size);
    }
}

static int at[MOST + 1]; /* how many subscribers have so many messages */

static void count_up(size_t before, size_t after) { at[before]--, at[after]++; }

static void start_over(void) {
    for (int index = 0; index < count; index++) offsets[sockets[index]] = 0;
    memset(at, 0, sizeof at);
    at[0] = count;
}

static void run(double seconds, int in_flight) {
    start_over();
    int sent = 0, done = 0, goes_on = 1;
    double start = now(), end = start + seconds;
    while (goes_on || done < sent) {
        goes_on = goes_on && now() < end && sent < MOST;
        while (goes_on && sent < done + in_flight && sent < MOST) publish(sent++);
        if (done < sent) take(count_up, PATIENCE);
        while (done < MOST && !at[done]) done++;
    }
    double took = now() - start;
    expect_silence();
    printf("heat %d %.6f\n", done, took);
}

static double *sent_at;
static float *took;
static size_t taken;

static void note(size_t before, size_t after) {
    double here = now();
    count_up(before, after);
    for (; before < after; before++) took[taken++] = (here - sent_at[before]) * 1e3;
}

static int by_size(const void *one, const void *other) {
    float first = *(const float *)one, second = *(const float *)other;
    return (first > second) - (first < second);
}

static void pace(double seconds, double rate) {
    start_over();
    int messages = seconds * rate, sent = 0, done = 0;
    sent_at = calloc(messages, sizeof *sent_at);
    took = calloc((size_t)messages * count, sizeof *took);
    taken = 0;
    double start = now();
    while (done < messages) {
        double due = start + sent / rate, here = now();
        if (sent < messages && here >= due) {
            sent_at[sent] = here;
            publish(sent++);
            due = start + sent / rate;
        }
        int wait = (due - now()) * 1e3;
        take(note, sent < messages ? (wait > 0 ? wait : 0) : PATIENCE);
        while (done < MOST && !at[done]) done++;
    }
    expect_silence();
    qsort(took, taken, sizeof *took, by_size);
    printf("took %.3f %.3f %.3f\n", took[taken / 2], took[taken * 99 / 100], took[taken - 1]);
    free(sent_at);
    free(took);
}

int main(int arguments, char **argument) {
    if (arguments != 5) return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    path = argument[1];
    say = contents(argument[2], &say_size);
    said = contents(argument[3], &said_size);
    wrong = contents(argument[4], &wrong_size);
    say_digits = digits_in(say, say_size);
    said_digits = digits_in(said, said_size);
    expected = malloc(MOST * said_size + CHUNK);
    for (int index = 0; index < MOST; index++) {
        number(said + said_digits, FIRST + index);
        memcpy(expected + index * said_size, said, said_size);
    }
    offsets = calloc(1 << 16, sizeof *offsets);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        int first, second;
        double seconds, rate;
        if (sscanf(line, "grow %d %d", &first, &second) == 2) grow(first, second);
        else if (!strcmp(line, "refuse\n")) refuse();
        else if (sscanf(line, "run %lf %d", &seconds, &first) == 2) run(seconds, first);
        else if (sscanf(line, "pace %lf %lf", &seconds, &rate) == 2) pace(seconds, rate);
        else invalid("no such command: %s", line);
    }
    return 0;
}
