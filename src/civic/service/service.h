/* service.h: what the process has besides its database: keys, the workers for pictures and posters, the store of pictures. */
#ifndef LILONG_CIVIC_SERVICE_H
#define LILONG_CIVIC_SERVICE_H

#include "civic/media/media.h"
#include "civic/outbox/outbox_sms.h"
#include "engine/app/app.h"
#include "engine/base/crypto.h"

struct wechat;

struct services {
    struct crypto_keys *keys;
    struct media_workers *workers;
    struct media_store *store;
    struct sms *sms;      /* NULL in commands that send nothing */
    struct wechat *wechat; /* civic/wechat; NULL or off: there is none */
    struct worker_pool *posters; /* engine/page/poster.h; NULL: none are drawn here */
};

extern const struct module service_module; /* daily clearing away */

static inline const struct services *services_of(const struct request *rq)
{
    return app_services(rq->app);
}

#endif
