/* words.c: kinds of places and organisations as text. */
#include "civic/place/place_words.h"

enum text place_kind_text(enum place_kind kind)
{
    static const enum text keys[] = {
        [PLACE_KIND_CITY] = T_place_kind_city,
        [PLACE_KIND_DISTRICT] = T_place_kind_district,
        [PLACE_KIND_STREET] = T_place_kind_street,
        [PLACE_KIND_TOWN] = T_place_kind_town,
        [PLACE_KIND_TOWNSHIP] = T_place_kind_township,
        [PLACE_KIND_STREET_LIKE] = T_place_kind_street_like,
        [PLACE_KIND_RESIDENTS] = T_place_kind_residents_committee,
        [PLACE_KIND_VILLAGERS] = T_place_kind_villagers_committee,
        [PLACE_KIND_RESIDENTS_LIKE] = T_place_kind_residents_like,
        [PLACE_KIND_VILLAGERS_LIKE] = T_place_kind_villagers_like,
        [PLACE_KIND_OTHER] = T_place_kind_other,
    };

    return kind >= PLACE_KIND_CITY && kind <= PLACE_KIND_OTHER ? keys[kind] : T_place_kind_other;
}

enum text place_level_text(enum place_level level)
{
    static const enum text keys[] = {
        [PLACE_NONE] = T_place_kind_other,           [PLACE_CITY] = T_place_level_city,
        [PLACE_DISTRICT] = T_place_level_district,   [PLACE_STREET] = T_place_level_street,
        [PLACE_COMMUNITY] = T_place_level_community,
    };

    return level >= PLACE_CITY && level <= PLACE_COMMUNITY ? keys[level] : T_place_kind_other;
}

enum text organisation_kind_text(struct str kind)
{
    static const enum text keys[] = {
        T_place_organisation_residents_committee,
        T_place_organisation_villagers_committee,
        T_place_organisation_party_organisation,
        T_place_organisation_owners_committee,
        T_place_organisation_property_company,
        T_place_organisation_urban_management,
        T_place_organisation_community_police,
        T_place_organisation_family_doctor,
        T_place_organisation_social_organisation,
        T_place_organisation_charity,
        T_place_organisation_subdistrict_office,
        T_place_organisation_street_office,
        T_place_organisation_street_centre,
        T_place_organisation_grid_centre,
        T_place_organisation_affairs_centre,
        T_place_organisation_community_station,
        T_place_organisation_department,
        T_place_organisation_mass_organisation,
        T_place_organisation_district_government,
        T_place_organisation_city_government,
        T_place_organisation_other,
    };
    const char *word;

    for (size_t i = 0; (word = organisation_kind_word(i)); i++)
        if (str_eq(kind, str_from_cstr(word)))
            return keys[i];
    return T_place_organisation_other;
}
