/* activate.c: a service manager as small as can be: holds a socket and gives it to a program, again and again.
 *
 *   activate PROGRAM ARGUMENTS...    prints http://127.0.0.1:PORT; SIGHUP: the program gets SIGTERM and is started again when it has ended; SIGTERM: it is
 *                                    ended, and we with its status. A program that ends by itself ends us with 99. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(char **argv, const sigset_t *before)
{
    pid_t pid = fork();

    if (pid == 0) {
        char text[24];
        snprintf(text, sizeof(text), "%ld", (long)getpid());
        setenv("LISTEN_PID", text, 1);
        setenv("LISTEN_FDS", "1", 1);
        sigprocmask(SIG_SETMASK, before, NULL);
        execv(argv[0], argv);
        _exit(127);
    }
    return pid;
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    sigset_t signals, before;
    int fd = socket(AF_INET, SOCK_STREAM, 0), status = 0, sig = 0;

    if (argc < 2 || fd < 0 || bind(fd, (struct sockaddr *)&at, len) || listen(fd, 1024) ||
        getsockname(fd, (struct sockaddr *)&at, &len))
        return 1;
    if (fd != 3 && (dup2(fd, 3) != 3 || close(fd)))
        return 1;
    sigemptyset(&signals);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, &before);
    pid_t pid = start(argv + 1, &before);
    for (;;) {
        sigwait(&signals, &sig);
        if (sig == SIGCHLD) {
            if (waitpid(pid, &status, WNOHANG) == pid)
                return 99;
            continue;
        }
        kill(pid, SIGTERM);
        if (waitpid(pid, &status, 0) != pid)
            return 1;
        if (sig == SIGTERM || !WIFEXITED(status) || WEXITSTATUS(status))
            return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
        /* its end has been seen: no SIGCHLD of it must be taken for one of the next */
        struct timespec none = {0, 0};
        sigset_t child;
        sigemptyset(&child);
        sigaddset(&child, SIGCHLD);
        while (sigtimedwait(&child, NULL, &none) == SIGCHLD)
            continue;
        pid = start(argv + 1, &before);
    }
}
