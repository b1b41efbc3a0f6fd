/* scenes.h: pictures of a neighbourhood that the program draws itself: flat, without words, so that no font is needed. */
#ifndef LILONG_DEMO_SCENES_H
#define LILONG_DEMO_SCENES_H

#include "engine/base/arena.h"
#include "engine/base/str.h"

enum scene {
    SCENE_NONE,
    SCENE_GARDEN,       /* the square turned to a vegetable garden */
    SCENE_GARDEN_CLOSE, /* the same from near */
    SCENE_SQUARE,       /* the square as it should be */
    SCENE_LIFT_STUCK, SCENE_LIFT,
    SCENE_STAIRS_BOXES, SCENE_STAIRS,
    SCENE_LAMP_OUT, SCENE_LAMP,
    SCENE_BINS_FULL, SCENE_BINS,
    SCENE_LANE_BLOCKED, SCENE_LANE,
    SCENE_PUDDLE, SCENE_ROAD,
    SCENE_SCOOTERS, SCENE_SCOOTERS_TIDY,
    SCENE_WIRE, SCENE_WALL,
    SCENE_MANHOLE, SCENE_MANHOLE_SHUT,
    SCENE_SLIDE_BROKEN, SCENE_SLIDE,
    SCENE_GATE_BROKEN, SCENE_GATE,
    SCENE_LEAK, SCENE_CEILING,
    SCENE_LEAVES, SCENE_PATH,
    SCENE_OFFICER, SCENE_DOCTOR, /* who is responsible for the community: head and shoulders, in the middle */
    SCENE_COUNT
};

/* A PNG of 1080 x 810 in the arena. E_BUSY: memory is out. */
enum result scene_draw(struct arena *a, enum scene scene, struct str *ret_png) MUST_USE;

#endif
