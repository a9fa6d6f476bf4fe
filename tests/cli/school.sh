# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# For the cases: pupils.csv and staff.csv of a made-up school, and what a case needs made of them. Nobody in them exists.
cat >pupils.csv <<CSV
admission_no,legal_forename,legal_surname,date_of_birth,year_group,reg_group,on_roll,do_not_publish,child_objection,photo_website,photo_social_media,photo_press,photo_displays,name_with_photo,consent_given_by,consent_date,consent_expiry,consent_method,notice_version
1001,Amara,Okafor,03/05/2017,4,4F,yes,no,no,yes,yes,no,yes,no,mother,$CONSENTED,,form,1
1002,Tomasz,Berriman,14/11/2016,4,4F,yes,no,no,no,no,no,yes,no,father,$CONSENTED,,form,1
1003,Zoya,Lindqvist,02/02/2018,3,3F,yes,yes,no,yes,yes,no,yes,no,mother,$CONSENTED,,form,1
1004,Idris,Penhale,19/07/2017,4,4F,yes,no,no,yes,no,no,yes,no,mother,$CONSENTED,,phone,1
CSV
cat >staff.csv <<'CSV'
title,forename,surname,role,consent
Mrs,Helen,Marsham,Head teacher,yes
CSV

make_school() {
    "$PHOTOGATE" init "$HOME_DIR" --name "Larkfield Primary School" >/dev/null
}

make_school_with_register() {
    make_school && "$PHOTOGATE" import --yes --date "$TODAY" pupils.csv staff.csv >/dev/null
}

# A photo of nobody: picture SEED FILE
picture() {
    python3 "$TREE/tests/e2e/pictures.py" jpeg "$1" >"$2"
}
